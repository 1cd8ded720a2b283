// How much a camera's picture can show of a person, in words: the best first, what it is good for nowhere left out.

import type { Camera } from '../api/types';
import { numberText } from '../shell/amounts';
import { t } from '../texts/texts.svelte';

const DETAILS = ['identify', 'recognise', 'observe', 'detect'] as const;

/** '' where it is not known. */
export function sightText(camera: Pick<Camera, 'sight'> | undefined): string {
  const sight = camera?.sight;
  if (!sight) return '';
  const known = DETAILS.filter((detail) => sight[detail] > 0).map((detail) => t(`sight.${detail}`, { n: numberText(sight[detail], 1) }));
  return known.length > 0 ? t('sight.person', { how: known.join(' · ') }) : '';
}
