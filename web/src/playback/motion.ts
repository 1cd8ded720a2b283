// When something moved before a camera, as a strip along the timeline. Kept in pieces like the
// footage; asked for again once a minute, for each look stands in the audit log.

import { access } from '../access/access';
import type { OpenPart, Span } from '../access/grants';
import { api, Problem } from '../api/client';
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

/** What moved stands where footage stands in the answer about footage. In `area`, or the whole picture. What needs a
 * reason that was not told is not asked for: nothing is known of it. */
export function askMotion(camera: string, area: Area | null = null, ask: AskMotion = (query) => api.get<Motion>(`/cameras/${camera}/motion?${query}`)): AskCoverage {
  const region = area ? `&region=${regionText(area)}` : '';
  const askPart = async ({ from, to, grant }: OpenPart) => {
    const spans = [];
    let next: string | null = new Date(from).toISOString();
    while (next !== null) {
      const query: string = `from=${next}&to=${new Date(to).toISOString()}&join=${JOIN_S}&limit=${LIMIT}${region}${grant ? `&grant=${grant}` : ''}`;
      const answer: Motion = await ask(query);
      spans.push(...answer.moved);
      next = answer.next;
    }
    return spans;
  };
  return async (from, to) => {
    const spans = [];
    for (const part of access.parts(camera, from, to)) {
      try {
        spans.push(...(await askPart(part)));
      } catch (problem) {
        if (problem instanceof Problem && problem.code === 'reason-needed') access.drop(camera, part.from, part.to);
        throw problem;
      }
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

/** How far from the moment of the search on it may be looked without a gap. */
function reach(camera: string, from: number, to: number, way: Way): number {
  const parts = access.parts(camera, from, to);
  if (way === 'after') return parts.reduce((at, part) => (part.from <= at ? Math.max(at, part.to) : at), from);
  return parts.reduceRight((at, part) => (part.to >= at ? Math.min(at, part.from) : at), to);
}

/** Where the movement before or after `ms` is shown from; null when there is none within a month. `allow` asks for the
 * reason of what needs one, for the month at once; 'closed' when none is told. */
export async function findMotion(
  camera: string,
  ms: number,
  way: Way,
  now: number,
  area: Area | null,
  allow: (span: Span) => Promise<boolean>,
  ask = askMotion(camera, area),
): Promise<number | null | 'closed'> {
  const before = way === 'before';
  const month = LOOK_MS.at(-1)!;
  const look = async (from: number, to: number) => {
    const begins = to > from ? (await ask(from, to)).spans.map((span) => Date.parse(span.from)) : [];
    const found = before ? begins.filter((one) => one < ms - HERE_MS).at(-1) : begins.find((one) => one > ms + HERE_MS);
    return found === undefined ? null : found - LEAD_MS;
  };
  for (let i = 1; i < LOOK_MS.length; i++) {
    const [near, far] = [LOOK_MS[i - 1]!, LOOK_MS[i]!];
    const from = before ? ms - far : ms + near;
    const to = before ? ms - near : Math.min(ms + far, now);
    if (to <= from) break;
    const edge = reach(camera, from, to, way);
    const open = before ? await look(edge, to) : await look(from, edge);
    if (open !== null) return open;
    if (before ? edge <= from : edge >= to) continue;
    if (!(await allow({ from: Math.floor(before ? ms - month : ms), to: Math.ceil(before ? ms : Math.min(ms + month, now)) }))) return 'closed';
    const found = before ? await look(from, edge) : await look(edge, to);
    if (found !== null) return found;
  }
  return null;
}
