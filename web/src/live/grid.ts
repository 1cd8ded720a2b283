// How many columns the grid of cameras has.

export const COLUMNS_MOST = 8;
const ASPECT = 9 / 16;
const GAP_PX = 4;
/** A picture narrower than this shows nobody anything. */
const TILE_LEAST_PX = 160;

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
