// Camera health: somebody who sees the picture says that it is right.

import { api } from '../api/client';
import type { Camera } from '../api/types';
import { notices } from '../shell/notices.svelte';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';

/** What was wrong ends with the next pictures; the list of cameras shows it by itself. */
export async function acceptView(camera: Camera): Promise<void> {
  try {
    await api.post(`/cameras/${camera.id}/reference`, {});
    notices.say(t('view.accepted', { name: camera.name }));
  } catch (error) {
    notices.say(problemText(error), { bad: true });
  }
}
