// Which camera stands in which place while somebody arranges a view. Nothing is changed in place.

import { LAYOUTS } from './wall';

/** ids of cameras; null: an empty place */
export type Places = readonly (string | null)[];

/** More places than this a view cannot have. */
export const PLACES_MOST = 128;

/** The smallest layout that has room for `count`, or the largest one. */
export function layoutForCount(count: number): number {
  return LAYOUTS.find((layout) => layout >= count) ?? LAYOUTS.at(-1)!;
}

/** Whole pages: empty places at the end until the last page is full. */
export function padded(places: Places, layout: number): Places {
  const wanted = Math.min(PLACES_MOST, Math.max(1, Math.ceil(places.length / layout)) * layout);
  return Array.from({ length: Math.max(wanted, places.length) }, (_, i) => places[i] ?? null);
}

/** Without the empty places at the end. */
export function trimmed(places: Places): Places {
  return places.slice(0, places.findLastIndex((camera) => camera !== null) + 1);
}

export function swapped(places: Places, one: number, other: number): Places {
  return places.map((camera, at) => (at === one ? places[other]! : at === other ? places[one]! : camera));
}

/** `camera` stands in place `at`. Where it stood before stands then what stood here: no camera is in two places. */
export function placed(places: Places, at: number, camera: string | null): Places {
  const before = camera === null ? -1 : places.indexOf(camera);
  return before >= 0 ? swapped(places, before, at) : places.map((old, i) => (i === at ? camera : old));
}

/** What a tap on a place means while place `held` (-1: none) is picked up. */
export function tapped(places: Places, held: number, at: number): { places: Places; held: number; choose: boolean } {
  if (held === at || (held < 0 && places[at] === null)) return { places, held: -1, choose: true };
  if (held < 0) return { places, held: at, choose: false };
  return { places: swapped(places, held, at), held: -1, choose: false };
}
