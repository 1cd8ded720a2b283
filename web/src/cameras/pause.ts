// Stops and starts a camera; both can be undone.

import { api } from '../api/client';
import type { Camera } from '../api/types';
import { notices } from '../shell/notices.svelte';
import { problemText } from '../shell/problem-text';
import { site } from '../shell/site.svelte';
import { t } from '../texts/texts.svelte';

export async function setPaused(camera: Camera, paused: boolean, reason = ''): Promise<void> {
  try {
    const answer = await api.patch<Camera | undefined>(`/cameras/${camera.id}`, { paused, pause_reason: reason });
    if (answer?.id) site.put(answer);
    else await site.refresh();
  } catch (error) {
    notices.say(problemText(error), { bad: true });
    return;
  }
  const undo = () => void setPaused(camera, !paused, camera.pause_reason);
  notices.say(t(paused ? 'cameras.pausedNotice' : 'cameras.resumedNotice', { name: camera.name }), {
    action: { label: t('action.undo'), run: undo },
  });
}
