// What the mark over pictures says of why they are seen (shell/Watermark.svelte).

import { access } from './access';
import { markWhy } from './reason';

/** For the case or the routine that was told for each of these, and for case `number` where nothing had to be told: each once. */
export function seenFor(looks: readonly { camera: string; at: number }[], number = ''): string {
  const whys = looks.map(({ camera, at }) => {
    const why = access.why(camera, at);
    return why ? markWhy(why) : number;
  });
  return [...new Set(whys)].filter(Boolean).join(' · ');
}
