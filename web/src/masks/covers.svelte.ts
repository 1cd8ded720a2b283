// What covers the pictures of a camera for whoever looks at them, as it changes: a mask is drawn, one may see without, may not any more.

import { untrack } from 'svelte';
import { now } from '../shell/now.svelte';
import { site } from '../shell/site.svelte';
import { maskNews } from './mask-news.svelte';

/** For a component: `changed` is called with each of the cameras whose pictures are covered otherwise than before. */
export function followCovers(cameras: () => readonly string[], changed: (camera: string) => void): void {
  const known = new Map<string, string>();
  $effect(() => {
    for (const id of cameras()) {
      const camera = site.camera(id);
      if (!camera) continue;
      const is = `${camera.masks ?? 0} ${maskNews.own(id, now.ms)?.id ?? ''}`;
      const was = known.get(id);
      known.set(id, is);
      if (was !== undefined && was !== is) untrack(() => changed(id));
    }
  });
}
