// How many columns the grid of cameras has, and what is beside what in it.

export const COLUMNS_MOST = 8;
export const ASPECT = 9 / 16;
export const GAP_PX = 4;
/** A picture narrower than this shows nobody anything. */
export const TILE_LEAST_PX = 160;

/** The fewest columns with which all of `count` tiles are seen without scrolling; where that would
 * make them too small, as many as still have a useful size. */
export function columnsFor(count: number, width: number, height: number): number {
  const most = Math.max(1, Math.min(COLUMNS_MOST, Math.floor((width + GAP_PX) / (TILE_LEAST_PX + GAP_PX))));
  for (let columns = 1; columns < most; columns++) {
    const tile = ((width - (columns - 1) * GAP_PX) / columns) * ASPECT;
    const rows = Math.ceil(count / columns);
    if (rows * tile + (rows - 1) * GAP_PX <= height) return columns;
  }
  return most;
}

/** The tile that a key leads to from tile `at` of `count`; null: the key means nothing here. */
export function tileByKey(key: string, at: number, count: number, columns: number): number | null {
  const to = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: count - 1,
  }[key];
  if (to === undefined) return null;
  return to < 0 || to >= count ? at : to;
}
