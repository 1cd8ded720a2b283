// Why the sound of a camera is not recorded though it is switched on.

import type { StreamStatus } from '../api/types';
import { t } from '../texts/texts.svelte';

export function soundLeftOutText({ codec, cause_code }: NonNullable<StreamStatus['sound_left_out']>): string {
  return t(`soundLeftOut.${cause_code}`, { codec: codec || '?' });
}
