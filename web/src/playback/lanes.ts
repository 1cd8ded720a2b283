// Which cameras are played back beside each other, as the page's address says them.

/** Beside each other at most: on a desk, and on a phone, which shows and decodes less. */
const MOST_DESK = 9;
const MOST_PHONE = 4;

export function mostLanes(width: number): number {
  return width < 800 ? MOST_PHONE : MOST_DESK;
}

/** "a,b" → ["a", "b"], each once, no more than `most`; `otherwise` when there is none. */
export function lanesOf(text: string | undefined, otherwise: string | undefined, most: number): string[] {
  const named = [...new Set((text ?? '').split(',').filter(Boolean))];
  const all = named.length > 0 ? named : otherwise ? [otherwise] : [];
  return all.slice(0, most);
}

/** With `camera` where `old` was, and nowhere else. */
export function replaced(lanes: string[], old: string, camera: string): string[] {
  if (lanes.includes(camera)) return lanes;
  return lanes.map((one) => (one === old ? camera : one));
}

/** With `camera` added at the end, or taken out; the last one stays. */
export function toggled(lanes: string[], camera: string, most: number): string[] {
  if (lanes.includes(camera)) return lanes.length > 1 ? lanes.filter((one) => one !== camera) : lanes;
  return lanes.length < most ? [...lanes, camera] : lanes;
}

export function lanesAddress(lanes: string[], ms: number): string {
  return `/playback/${lanes.join(',')}?at=${new Date(ms).toISOString()}`;
}

/** Columns of the pictures: as square as can be. */
export function columnsOf(count: number, narrow: boolean): number {
  if (narrow) return count < 3 ? 1 : 2;
  return Math.ceil(Math.sqrt(count));
}
