// Who else saw this: the chain of sightings, where it goes on, which cameras come next, and what the server
// is asked.

import { api, apiUrl } from '../api/client';
import type { Arrival, Sighting, Trace, Verdict } from '../api/types';

const PREFIX = '/api/v1'.length;

/** How somebody moved, and where they are looked for: where they went, or where they came from. */
export type By = 'unknown' | 'walking' | 'riding';
export const BYS: readonly By[] = ['unknown', 'walking', 'riding'];
export type Way = 'on' | 'back';
export const WAYS: readonly Way[] = ['on', 'back'];

export const VERDICTS: readonly Verdict[] = ['seen', 'not-seen', 'unclear'];

/** A camera at a moment, milliseconds: what is gone on from. */
export interface Spot {
  camera: string;
  at: number;
}

/** What was seen, in its order in time. */
export function chainOf(sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter(({ verdict }) => verdict === 'seen').sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

/** Is a span among them that was asked about? Then it is told that not all of it was watched. */
export function hasSpans(sightings: readonly Sighting[]): boolean {
  return sightings.some(({ to }) => to !== null);
}

export function spotOf({ camera, from }: Pick<Sighting, 'camera' | 'from'>): Spot {
  return { camera, at: Date.parse(from) };
}

/** The end of the chain from which one looks on: the last that was seen, or the first on the way back. */
export function endOf(sightings: readonly Sighting[], way: Way): Spot | null {
  const one = chainOf(sightings).at(way === 'on' ? -1 : 0);
  return one ? spotOf(one) : null;
}

/** A mark of just now holds for so long while the times in question run on. */
const HOLDS_MS = 60_000;

/** What was said of this camera for these times already: it was seen in them, or it was not in all of them that are past. */
export function saidOf(sightings: readonly Sighting[], arrival: Pick<Arrival, 'camera' | 'from' | 'to'>, now: number): Sighting | undefined {
  const [first, last] = [Date.parse(arrival.from), Date.parse(arrival.to)];
  return sightings.findLast(({ camera, verdict, from, to }) => {
    const [begin, end] = [Date.parse(from), Date.parse(to ?? from)];
    if (camera !== arrival.camera) return false;
    return verdict === 'seen' ? begin <= last && end >= first : begin <= first && end >= Math.min(last, now - HOLDS_MS);
  });
}

/** Those that nothing was said of yet. */
export function unsaid(arrivals: readonly Arrival[], sightings: readonly Sighting[], now: number): Arrival[] {
  return arrivals.filter((arrival) => !saidOf(sightings, arrival, now));
}

/** Has the likely moment come of one that there were no pictures of yet? */
export function isDue(arrivals: readonly Arrival[], now: number): boolean {
  return arrivals.some(({ footage, likely }) => footage === 'not-yet' && Date.parse(likely) <= now);
}

/** Those that are opened, in their order, as they are known now. */
export function renewed(shown: readonly Arrival[], got: readonly Arrival[]): Arrival[] {
  return shown.map((one) => got.find(({ camera }) => camera === one.camera) ?? one);
}

/** What was marked last, of the answer to it. */
export function addedOf({ sightings, added }: Pick<Trace, 'sightings' | 'added'>): Sighting | undefined {
  return sightings.find(({ id }) => id === added);
}

/** Has it pictures to look at? */
export function isOpen({ footage }: Pick<Arrival, 'footage'>): boolean {
  return footage === 'whole' || footage === 'partly' || footage === 'unknown';
}

/** How many are opened side by side. */
export function mostOpen(width: number): number {
  return width < 800 ? 4 : 6;
}

/** A mark as it is sent: what was seen has a moment, else the times in question are told, as far as they are past. */
export function markOf(arrival: Arrival, verdict: Verdict, moment: number, now: number) {
  const iso = (ms: number) => new Date(ms).toISOString();
  if (verdict === 'seen') return { camera: arrival.camera, verdict, from: iso(moment) };
  const from = Math.min(Date.parse(arrival.from), now);
  return { camera: arrival.camera, verdict, from: iso(from), to: iso(Math.max(from, Math.min(Date.parse(arrival.to), now))) };
}

/** A trace is begun here, from a picture. */
export function beginAddress({ camera, at }: Spot): string {
  return `/traces/new?camera=${camera}&at=${encodeURIComponent(new Date(Math.round(at)).toISOString())}`;
}

export function beginOf(query: URLSearchParams): Spot | null {
  const camera = query.get('camera') ?? '';
  const at = Date.parse(query.get('at') ?? '');
  return camera && !Number.isNaN(at) ? { camera, at } : null;
}

/** One camera is asked about no more than this many others: beyond them nobody looks side by side. */
const ARRIVALS_MOST = 60;

export async function askArrivals({ camera, at }: Spot, by: By, way: Way, signal: AbortSignal): Promise<Arrival[]> {
  const url = apiUrl(`/cameras/${camera}/arrivals`, { at: new Date(at).toISOString(), by, way, limit: ARRIVALS_MOST });
  return (await api.get<{ items: Arrival[] }>(url.slice(PREFIX), signal)).items;
}

export interface TracePage {
  items: Trace[];
  next: string | null;
}

export function askTraces(words: string, own: boolean, cursor: string, signal: AbortSignal): Promise<TracePage> {
  const url = apiUrl('/traces', { q: words.trim(), who: own ? 'me' : '', limit: 30, cursor });
  return api.get<TracePage>(url.slice(PREFIX), signal);
}
