// Boxes that make parts of a film unrecognisable: set by hand at key moments, moving straight and evenly between them
// (src/media/redaction.c does the same), and how they are told to the server.

import type { components } from '../api/schema';
import type { Area } from '../playback/area';

export type RedactionAsked = components['schemas']['Redaction'];

export const BOXES_MOST = 32;
export const MOMENTS_MOST = 2000;
export const LONGEST_MS = 3_600_000;

/** Key moments nearer than this are of the same picture. */
const SAME_MS = 20;
/** The server's parts of a picture, and how narrow a box may be in them. */
const WHOLE = 10_000;
const LEAST = 50;

export interface Moment {
  at: number;
  area: Area;
}

export interface Box {
  /** names it on the screen */
  id: number;
  /** before its first moment and after its last one, too */
  stays: boolean;
  /** by time; one at least */
  moments: Moment[];
}

const mixed = (a: number, b: number, part: number) => a + (b - a) * part;

/** Where the box is then; null: it is not there. */
export function areaAt({ stays, moments }: Box, at: number): Area | null {
  const first = moments[0]!;
  const last = moments.at(-1)!;
  if (!stays && (at < first.at - SAME_MS || at > last.at + SAME_MS)) return null;
  const next = moments.findIndex((one) => one.at > at);
  if (next === 0) return first.area;
  if (next < 0) return last.area;
  const [a, b] = [moments[next - 1]!, moments[next]!];
  const part = (at - a.at) / (b.at - a.at);
  const side = (name: keyof Area) => mixed(a.area[name], b.area[name], part);
  return { left: side('left'), top: side('top'), right: side('right'), bottom: side('bottom') };
}

/** The key moment of the picture at that time. */
export const momentAt = ({ moments }: Box, at: number): Moment | undefined => moments.find((one) => Math.abs(one.at - at) < SAME_MS);

/** The box is there at that time: a key moment is set, or set anew. */
export function placed(box: Box, at: number, area: Area): Box {
  const others = box.moments.filter((one) => Math.abs(one.at - at) >= SAME_MS);
  return { ...box, moments: [...others, { at, area }].sort((a, b) => a.at - b.at) };
}

/** Without a key moment, but never without any. */
export const unplaced = (box: Box, at: number): Box => (box.moments.length > 1 ? { ...box, moments: box.moments.filter((one) => one.at !== at) } : box);

/** Moved so far, as long as all of it stays in the picture. */
export function moved({ left, top, right, bottom }: Area, dx: number, dy: number): Area {
  const x = Math.max(-left, Math.min(1 - right, dx));
  const y = Math.max(-top, Math.min(1 - bottom, dy));
  return { left: left + x, right: right + x, top: top + y, bottom: bottom + y };
}

/** The box under a point, in parts of the picture; the smallest, where some lie in each other. */
export function boxUnder(boxes: Box[], at: number, point: { x: number; y: number }): Box | undefined {
  const size = (box: Box) => {
    const area = areaAt(box, at)!;
    return (area.right - area.left) * (area.bottom - area.top);
  };
  return boxes
    .filter((box) => {
      const area = areaAt(box, at);
      return area && point.x >= area.left && point.x <= area.right && point.y >= area.top && point.y <= area.bottom;
    })
    .sort((a, b) => size(a) - size(b))[0];
}

export const momentsOf = (boxes: Box[]): number => boxes.reduce((sum, { moments }) => sum + moments.length, 0);

/** Outward to whole parts, within the picture. */
function parts(begin: number, end: number): [number, number] {
  const from = Math.min(Math.max(Math.floor(begin * WHOLE), 0), WHOLE - LEAST);
  return [from, Math.min(Math.max(Math.ceil(end * WHOLE) - from, LEAST), WHOLE - from)];
}

/** As the server wants it, for a copy of this span. */
export function askedOf(boxes: Box[], sound: boolean, span: { from: number; to: number }): RedactionAsked {
  const moment = ({ at, area }: Moment) => {
    const [x, width] = parts(area.left, area.right);
    const [y, height] = parts(area.top, area.bottom);
    return { at: new Date(Math.min(Math.max(at, span.from), span.to)).toISOString(), box: [x, y, width, height] };
  };
  return { sound, boxes: boxes.map(({ stays, moments }) => ({ stays, moments: moments.map(moment).filter(({ at }, i, all) => at !== all[i - 1]?.at) })) };
}
