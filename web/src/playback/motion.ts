// When something moved before a camera, as a strip along the timeline. Kept in pieces like the
// footage; asked for again once a minute, for each look stands in the audit log.

import { api } from '../api/client';
import type { Motion } from '../api/types';
import { regionText, type Area } from './area';
import type { AskCoverage } from './coverage';
import type { View } from './view';

export const MOTION_FRESH_MS = 60_000;
/** Over a longer stretch the strip would be one line. */
const MOST_MS = 3 * 86_400_000;
const LIMIT = 10_000;
const JOIN_S = 10;

export function showsMotion(view: View): boolean {
  return view.to - view.from <= MOST_MS;
}

export type AskMotion = (query: string) => Promise<Motion>;

/** What moved stands where footage stands in the answer about footage. In `area`, or the whole picture. */
export function askMotion(camera: string, area: Area | null = null, ask: AskMotion = (query) => api.get<Motion>(`/cameras/${camera}/motion?${query}`)): AskCoverage {
  const region = area ? `&region=${regionText(area)}` : '';
  return async (from, to) => {
    const spans = [];
    let next: string | null = new Date(from).toISOString();
    while (next !== null) {
      const query: string = `from=${next}&to=${new Date(to).toISOString()}&join=${JOIN_S}&limit=${LIMIT}${region}`;
      const answer: Motion = await ask(query);
      spans.push(...answer.moved);
      next = answer.next;
    }
    return { spans, gaps: [] };
  };
}

export type Way = 'before' | 'after';

/** Looked for nearby first, then further away; no further than a month. */
const LOOK_MS = [0, 6 * 3_600_000, 3 * 86_400_000, 30 * 86_400_000];
/** What begins this near to the moment is what is being looked at. */
const HERE_MS = 3_000;
/** It is shown from a little before it begins. */
const LEAD_MS = 1_000;

/** Where the movement before or after `ms` is shown from; null when there is none within a month. */
export async function findMotion(camera: string, ms: number, way: Way, now: number, area: Area | null, ask = askMotion(camera, area)): Promise<number | null> {
  for (let i = 1; i < LOOK_MS.length; i++) {
    const [near, far] = [LOOK_MS[i - 1]!, LOOK_MS[i]!];
    const from = way === 'before' ? ms - far : ms + near;
    const to = way === 'before' ? ms - near : Math.min(ms + far, now);
    if (to <= from) break;
    const begins = (await ask(from, to)).spans.map((span) => Date.parse(span.from));
    const found = way === 'before' ? begins.filter((one) => one < ms - HERE_MS).at(-1) : begins.find((one) => one > ms + HERE_MS);
    if (found !== undefined) return found - LEAD_MS;
  }
  return null;
}
