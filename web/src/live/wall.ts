// The wall of pictures: how many places a page of it has, how large they are, and what stands on
// which page.

import type { Camera, View } from '../api/types';
import { GAP_PX, TILE_LEAST_PX, ASPECT } from './grid';

/** Places on a page. */
export const LAYOUTS: readonly number[] = [1, 4, 9, 16, 32];
/** All on one page, which scrolls. */
export const ALL = 0;

export interface Fit {
  columns: number;
  /** width of one place, px */
  tile: number;
}

/** A place of the wall. No camera: it is empty, or what stands there may not be watched by who looks. */
export interface Place {
  camera: Camera | undefined;
  withheld: boolean;
}

/** The places of a view as they are seen with a layout; where all are on one page none is empty. */
export function placesOf(view: Pick<View, 'places' | 'withheld'>, camera: (id: string) => Camera | undefined, layout: number): Place[] {
  const withheld = new Set(view.withheld);
  const all = view.places.map((id, at) => ({ camera: id ? camera(id) : undefined, withheld: withheld.has(at) }));
  return layout === ALL ? all.filter((place) => place.camera || place.withheld) : all;
}

/** The columns with which `count` places are largest while all of them are seen without scrolling. */
export function fit(count: number, width: number, height: number): Fit {
  let best: Fit = { columns: 1, tile: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const across = (width - (columns - 1) * GAP_PX) / columns;
    const down = (height - (rows - 1) * GAP_PX) / rows / ASPECT;
    const tile = Math.floor(Math.min(across, down));
    if (tile > best.tile) best = { columns, tile };
  }
  return best;
}

/** The layouts whose places show something on a screen of this size; one picture always does. */
export function layoutsFor(width: number, height: number): number[] {
  return LAYOUTS.filter((layout) => layout === 1 || fit(layout, width, height).tile >= TILE_LEAST_PX);
}

/** How many pages `count` cameras fill; there is always one. */
export function pageCount(count: number, layout: number): number {
  return layout === ALL ? 1 : Math.max(1, Math.ceil(count / layout));
}

/** What stands on page number `page`, from 0. */
export function onPage<T>(all: readonly T[], layout: number, page: number): T[] {
  return layout === ALL ? [...all] : all.slice(page * layout, (page + 1) * layout);
}

/** The page that lies so many pages on; after the last one comes the first. */
export function turned(page: number, by: number, pages: number): number {
  return (((page + by) % pages) + pages) % pages;
}

/** The layout that a key stands for: 0 for all, then 1, 2, 3 … in their order; null: none. */
export function layoutByKey(key: string, layouts: readonly number[]): number | null {
  if (!/^[0-9]$/.test(key)) return null;
  return key === '0' ? ALL : (layouts[Number(key) - 1] ?? null);
}
