// When something moved before a camera, as a strip along the timeline. Kept in pieces like the
// footage; asked for again once a minute, for each look stands in the audit log.

import { api } from '../api/client';
import type { Motion } from '../api/types';
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

/** What moved stands where footage stands in the answer about footage. */
export function askMotion(camera: string, ask: AskMotion = (query) => api.get<Motion>(`/cameras/${camera}/motion?${query}`)): AskCoverage {
  return async (from, to) => {
    const spans = [];
    let next: string | null = new Date(from).toISOString();
    while (next !== null) {
      const query: string = `from=${next}&to=${new Date(to).toISOString()}&join=${JOIN_S}&limit=${LIMIT}`;
      const answer: Motion = await ask(query);
      spans.push(...answer.moved);
      next = answer.next;
    }
    return { spans, gaps: [] };
  };
}
