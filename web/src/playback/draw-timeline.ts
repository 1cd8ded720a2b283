// Draws the timeline: times above, footage and gaps of each camera as a band, the marked stretch and
// the playhead over all of them.

import { clockText, offsetOf, shortDayText } from '../time/zone';
import type { Gap, Span } from './coverage';
import { positionOf, ticks, type View } from './view';

const BAND_TOP = 30;
const BETWEEN = 2;
const BELOW = 26;

/** Where the bands of so many cameras stand, pixels. */
export interface Bands {
  count: number;
  /** of one */
  height: number;
  /** of the strip of motion along its lower edge */
  strip: number;
  /** end of the last */
  bottom: number;
  /** of the whole timeline */
  whole: number;
}

export function bandsOf(count: number): Bands {
  const height = count <= 1 ? 40 : count === 2 ? 26 : count <= 4 ? 18 : 13;
  const bottom = BAND_TOP + Math.max(1, count) * (height + BETWEEN) - BETWEEN;
  return { count: Math.max(1, count), height, strip: count <= 1 ? 7 : 4, bottom, whole: bottom + BELOW };
}

/** Which band is at this height; the nearest one. */
export function bandAt(bands: Bands, y: number): number {
  return Math.max(0, Math.min(bands.count - 1, Math.floor((y - BAND_TOP) / (bands.height + BETWEEN))));
}

function topOf(bands: Bands, at: number): number {
  return BAND_TOP + at * (bands.height + BETWEEN);
}

/** What is drawn of one camera. */
export interface Row {
  spans: Span[];
  gaps: Gap[];
  moved: Span[];
  /** bookmarks; a moment has no length */
  flags: Span[];
}

export interface Scene {
  view: View;
  rows: Row[];
  /** the row that is looked at */
  chosen: number;
  cursor: number | null;
  mark: { from: number | null; to: number | null };
  now: number;
  zone: string;
  language: string;
}

/** The token that colours a cause. */
export function causeToken(cause: string): string {
  if (cause.startsWith('disk-') || cause === 'volume-missing') return '--gap-disk';
  const named = ['camera-offline', 'network-stall', 'server-down', 'overload', 'paused', 'household-hours', 'clock-step', 'retired', 'scheduled'];
  return named.includes(cause) ? `--gap-${cause}` : '--gap-unknown';
}

export function drawTimeline(canvas: HTMLCanvasElement, scene: Scene): void {
  const width = canvas.clientWidth;
  const scale = Math.min(3, devicePixelRatio || 1);
  if (width === 0) return;
  const bands = bandsOf(scene.rows.length);
  const [w, h] = [Math.round(width * scale), Math.round(bands.whole * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const g = canvas.getContext('2d');
  if (!g) return;
  const style = getComputedStyle(canvas);
  const colour = (token: string) => style.getPropertyValue(token).trim();
  const x = (ms: number) => positionOf(scene.view, ms, width);
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.clearRect(0, 0, width, bands.whole);

  const known = Math.max(0, Math.min(width, x(scene.now)));
  scene.rows.forEach((row, at) => {
    const top = topOf(bands, at);
    g.fillStyle = colour('--raised');
    g.fillRect(0, top, known, bands.height);
    band(g, row.spans, x, top, bands.height, () => colour('--covered'));
    band(g, row.gaps, x, top, bands.height, (gap) => colour(causeToken(gap.cause)));
    band(g, row.moved, x, top + bands.height - bands.strip, bands.strip, () => colour('--motion'));
    for (const flag of row.flags) pennant(g, x(flag.from), x(flag.to), top, bands.height, colour('--flag'), colour('--bg'));
  });
  times(g, scene, width, bands, x, colour);
  if (scene.rows.length > 1) numbers(g, scene, bands, colour);
  marked(g, scene.mark, bands, x, colour('--mark'), colour('--bg'));
  if (scene.cursor !== null) playhead(g, x(scene.cursor), bands, colour('--text'), colour('--bg'));
}

function band<T extends Span>(g: CanvasRenderingContext2D, all: T[], x: (ms: number) => number, top: number, height: number, fill: (one: T) => string): void {
  for (const one of all) {
    const left = x(one.from);
    g.fillStyle = fill(one);
    // a gap of a second in a view of a day is still seen
    g.fillRect(left, top, Math.max(1, x(one.to) - left), height);
  }
}

/** A bookmark: a pole with its pennant, and a line over what it spans. */
function pennant(g: CanvasRenderingContext2D, left: number, right: number, top: number, height: number, fill: string, edge: string): void {
  g.fillStyle = edge;
  g.fillRect(left - 2, top, 4, height);
  g.fillStyle = fill;
  g.fillRect(left - 1, top, 2, height);
  if (right - left > 2) g.fillRect(left, top, right - left, 3);
  g.beginPath();
  g.moveTo(left, top - 1);
  g.lineTo(left + 9, top + 3);
  g.lineTo(left, top + 7);
  g.fill();
}

/** Whose row is whose: the numbers that stand on the pictures. */
function numbers(g: CanvasRenderingContext2D, { rows, chosen }: Scene, bands: Bands, colour: (token: string) => string): void {
  g.font = `bold 11px ${colour('--font')}`;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  rows.forEach((_, at) => {
    const top = topOf(bands, at);
    g.fillStyle = colour(at === chosen ? '--mark' : '--bg');
    g.fillRect(0, top, 16, bands.height);
    g.fillStyle = colour(at === chosen ? '--bg' : '--text');
    g.fillText(String(at + 1), 8, top + bands.height / 2 + 1);
  });
}

function times(
  g: CanvasRenderingContext2D,
  { view, zone, language }: Scene,
  width: number,
  bands: Bands,
  x: (ms: number) => number,
  colour: (token: string) => string,
): void {
  const offset = offsetOf(view.from, zone);
  const { step, at } = ticks(view, width, spacing(view, width), offset);
  g.font = `12px ${colour('--font')}`;
  g.textBaseline = 'middle';
  for (const ms of at) {
    const left = Math.round(x(ms)) + 0.5;
    const midnight = (ms + offset) % 86_400_000 === 0;
    g.strokeStyle = colour(midnight ? '--muted' : '--line');
    g.beginPath();
    g.moveTo(left, BAND_TOP - 6);
    g.lineTo(left, bands.bottom + 6);
    g.stroke();
    const words = midnight ? shortDayText(ms, zone, language) : clockText(ms, zone, step < 60_000 ? 'second' : 'minute');
    const half = g.measureText(words).width / 2;
    if (left - half < 2 || left + half > width - 2) continue;
    g.fillStyle = colour(midnight ? '--text' : '--muted');
    g.textAlign = 'center';
    g.fillText(words, left, 12);
  }
}

/** Times with seconds need more room. */
function spacing(view: View, width: number): number {
  return (view.to - view.from) / width < 1_000 ? 76 : 56;
}

function marked(g: CanvasRenderingContext2D, { from, to }: Scene['mark'], bands: Bands, x: (ms: number) => number, fill: string, on: string): void {
  if (from !== null && to !== null) {
    g.globalAlpha = 0.3;
    g.fillStyle = fill;
    g.fillRect(x(from), BAND_TOP - 4, x(to) - x(from), bands.bottom - BAND_TOP + 8);
    g.globalAlpha = 1;
  }
  if (from !== null) handle(g, x(from), 1, bands, fill, on);
  if (to !== null) handle(g, x(to), -1, bands, fill, on);
}

/** A bracket with a grip below the band; `side` 1 opens to the right. */
function handle(g: CanvasRenderingContext2D, left: number, side: 1 | -1, { bottom }: Bands, fill: string, on: string): void {
  g.fillStyle = fill;
  g.fillRect(left - 1.5, BAND_TOP - 4, 3, bottom - BAND_TOP + 12);
  g.fillRect(side === 1 ? left - 1.5 : left - 14.5, bottom + 4, 16, 18);
  g.fillStyle = on;
  const middle = left + side * 6.5;
  g.beginPath();
  g.moveTo(middle - side * 3, bottom + 8);
  g.lineTo(middle + side * 3, bottom + 13);
  g.lineTo(middle - side * 3, bottom + 18);
  g.fill();
}

function playhead(g: CanvasRenderingContext2D, left: number, { bottom }: Bands, fill: string, edge: string): void {
  g.fillStyle = edge;
  g.fillRect(left - 2.5, BAND_TOP - 6, 5, bottom - BAND_TOP + 12);
  g.fillStyle = fill;
  g.fillRect(left - 1, BAND_TOP - 6, 2, bottom - BAND_TOP + 12);
  g.beginPath();
  g.moveTo(left - 7, BAND_TOP - 10);
  g.lineTo(left + 7, BAND_TOP - 10);
  g.lineTo(left, BAND_TOP + 1);
  g.fill();
}
