// Shapes of privacy masks, in parts of the picture (0–1): drawn as a rectangle, shaped corner by corner, moved, told to the server.

import type { components } from '../api/schema';
import type { Area } from '../playback/area';

export interface Point {
  x: number;
  y: number;
}

/** The corners of a polygon, in order. */
export type Shape = readonly Point[];

export const CORNERS_LEAST = 3;
export const CORNERS_MOST = 16;

/** The server's parts of a picture, and how narrow a mask may be in them. */
const WHOLE = 10_000;
const LEAST = 50;

const STEP = 0.02;

const part = (value: number) => Math.min(1, Math.max(0, value));

export const rectangle = ({ left, top, right, bottom }: Area): Shape => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
];

export function bounds(shape: Shape): Area {
  const [xs, ys] = [shape.map(({ x }) => x), shape.map(({ y }) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/** Does the point lie within it? (Even and odd crossings of a ray to the right.) */
export function contains(shape: Shape, { x, y }: Point): boolean {
  let inside = false;
  shape.forEach((a, i) => {
    const b = shape[(i + 1) % shape.length]!;
    if (a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x)) inside = !inside;
  });
  return inside;
}

/** Moved so far, as long as all of it stays in the picture. */
export function shifted(shape: Shape, dx: number, dy: number): Shape {
  const { left, top, right, bottom } = bounds(shape);
  const x = Math.max(-left, Math.min(1 - right, dx));
  const y = Math.max(-top, Math.min(1 - bottom, dy));
  return shape.map((one) => ({ x: one.x + x, y: one.y + y }));
}

/** With one corner elsewhere. */
export const cornerTo = (shape: Shape, corner: number, { x, y }: Point): Shape => shape.map((one, i) => (i === corner ? { x: part(x), y: part(y) } : one));

/** The middle of the edge behind a corner. */
export function middle(shape: Shape, corner: number): Point {
  const [a, b] = [shape[corner]!, shape[(corner + 1) % shape.length]!];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

/** With one corner more, behind that one; as it is when it has as many as it may. */
export const withCorner = (shape: Shape, behind: number, at = middle(shape, behind)): Shape => (shape.length >= CORNERS_MOST ? shape : [...shape.slice(0, behind + 1), at, ...shape.slice(behind + 1)]);

export const withoutCorner = (shape: Shape, corner: number): Shape => (shape.length <= CORNERS_LEAST ? shape : shape.filter((_, i) => i !== corner));

/** Moved by an arrow key: all of it, or one corner. */
export function nudged(shape: Shape, key: string, corner: number | null): Shape {
  const dx = key === 'ArrowRight' ? STEP : key === 'ArrowLeft' ? -STEP : 0;
  const dy = key === 'ArrowDown' ? STEP : key === 'ArrowUp' ? -STEP : 0;
  const one = corner === null ? undefined : shape[corner];
  return one ? cornerTo(shape, corner!, { x: one.x + dx, y: one.y + dy }) : shifted(shape, dx, dy);
}

/** On which side of the line from a to b the point lies. */
const side = (a: Point, b: Point, p: Point) => Math.sign((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x));

const within = (a: Point, b: Point, p: Point) => Math.min(a.x, b.x) <= p.x && p.x <= Math.max(a.x, b.x) && Math.min(a.y, b.y) <= p.y && p.y <= Math.max(a.y, b.y);

function meet(a: Point, b: Point, c: Point, d: Point): boolean {
  const [s1, s2, s3, s4] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (s1 !== s2 && s3 !== s4) return true;
  return (s1 === 0 && within(a, b, c)) || (s2 === 0 && within(a, b, d)) || (s3 === 0 && within(c, d, a)) || (s4 === 0 && within(c, d, b));
}

/** Do edges cross or touch that are not neighbours, or does one turn back on the one before it? */
export function isTangled(shape: Shape): boolean {
  const n = shape.length;
  const at = (i: number) => shape[i % n]!;
  for (let i = 0; i < n; i++) {
    if (at(i).x === at(i + 1).x && at(i).y === at(i + 1).y) return true;
    const turns = side(at(i), at(i + 1), at(i + 2)) === 0 && (within(at(i), at(i + 1), at(i + 2)) || within(at(i + 1), at(i + 2), at(i)));
    if (turns) return true;
    for (let j = i + 2; j < n; j++) if (!(i === 0 && j === n - 1) && meet(at(i), at(i + 1), at(j), at(j + 1))) return true;
  }
  return false;
}

export function isTooSmall(shape: Shape): boolean {
  const { left, top, right, bottom } = bounds(shape);
  return right - left < LEAST / WHOLE || bottom - top < LEAST / WHOLE;
}

type Told = components['schemas']['MaskPoints'];

export const toldOf = (shape: Shape): Told => shape.map(({ x, y }) => ({ x: Math.round(part(x) * WHOLE), y: Math.round(part(y) * WHOLE) }));
export const shapeOf = (told: Told): Shape => told.map(({ x, y }) => ({ x: x / WHOLE, y: y / WHOLE }));

/** For `clip-path`, `points` of SVG and the like: "12.5% 3%, …" with the unit that is asked for. */
export const outline = (shape: Shape, whole: number, unit = ''): string => shape.map(({ x, y }) => `${+(x * whole).toFixed(2)}${unit} ${+(y * whole).toFixed(2)}${unit}`).join(', ');
