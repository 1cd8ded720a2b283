// What a screen says of a camera's live picture: is it live, how old is it, and if it is neither
// moving nor there, why.

import type { StreamState } from '../api/types';
import { STALE_MS } from './age';
import type { FeedTrouble } from './feed';

/** Why the picture does not move; 'state': because the camera does not run. */
export type Why = FeedTrouble | 'state' | 'waiting';

export interface Sight {
  state: StreamState;
  /** the state as whoever looks at the picture would call it */
  mark: StreamState;
  /** of the picture that is shown, ms; null: none is shown */
  age: number | null;
  stale: boolean;
  why: Why;
}

/** `shownUs`: time of capture of the picture on the canvas, 0 for none; `known`: the state by the camera's status. */
export function sightOf(feed: { state: StreamState | ''; trouble: FeedTrouble }, shownUs: number, known: StreamState | undefined, nowMs: number): Sight {
  const state = known === 'paused' ? known : feed.state || known || 'connecting';
  const age = shownUs > 0 ? nowMs - shownUs / 1000 : null;
  const stale = age === null || age > STALE_MS;
  // A camera said to run whose pictures do not come is not running for whoever looks at it.
  const mark = state === 'running' && stale && age !== null ? 'stalled' : state;
  const why = feed.trouble || (state !== 'running' ? 'state' : age === null ? 'waiting' : '');
  return { state, mark, age, stale, why };
}
