// "Find it": which cameras are opened for a case, at which moment, and the span around a moment that becomes part of it.

import { api } from '../api/client';
import type { Camera, Location, NearCamera, Time } from '../api/types';
import { camerasNear, pointOf } from '../reports/reports';
import type { Case } from './types';

type Where = Pick<Case, 'location' | 'place'>;

/** A camera that does not see the place is of use as long as it is no further away than this. */
const NEAR_M = 400;

/** Those that see the place or stand near to it; where none does, the nearest all the same. */
export function chosenNear(near: readonly NearCamera[], most: number): string[] {
  const useful = near.filter(({ sees, distance_m: metres }) => sees || metres <= NEAR_M);
  return (useful.length > 0 ? useful : near).slice(0, most).map(({ camera }) => camera);
}

/** The cameras to look at for a case, the likeliest first; none where nobody knows where it was. */
export async function camerasFor(one: Where, cameras: readonly Camera[], locations: readonly Location[], most: number): Promise<string[]> {
  const own = camerasNear(one, cameras, locations, most).map(({ id }) => id);
  const point = pointOf(one, locations);
  if (!point) return own;
  const { items } = await api.get<{ items: NearCamera[] }>(`/cameras/nearest?at=${point.latitude.toFixed(6)},${point.longitude.toFixed(6)}&limit=${most}`);
  const atPlace = one.location ? own.filter((id) => cameras.find((camera) => camera.id === id)?.location === one.location) : [];
  return [...new Set([...atPlace, ...chosenNear(items, most)])].slice(0, most);
}

/** Playback of these cameras for a case. */
export function findAddress({ number }: Pick<Case, 'number'>, cameras: readonly string[], at: Time): string {
  return `/playback/${cameras.join()}?at=${encodeURIComponent(at)}&case=${encodeURIComponent(number)}`;
}

/** Playback of what belongs to a case; a span comes marked. */
export function footageAddress({ number }: Pick<Case, 'number'>, { camera, from, to }: { camera: string; from: Time; to?: Time }): string {
  return `${findAddress({ number }, [camera], from)}${to ? `&to=${encodeURIComponent(to)}` : ''}`;
}

/** The case that the address of playback names: its number; '' for none. */
export function caseOf(query: URLSearchParams): string {
  return query.get('case') ?? '';
}

/** An address that is opened still for the same case. */
export function afterCase(address: string, number: string): string {
  return number ? `${address}${address.includes('?') ? '&' : '?'}case=${encodeURIComponent(number)}` : address;
}

const AROUND_MS = 60_000;

/** A minute before and after a moment, no further than what is recorded by `now`. */
export function around(ms: number, now: number): { from: number; to: number } {
  return { from: Math.round(ms - AROUND_MS), to: Math.round(Math.min(ms + AROUND_MS, now)) };
}
