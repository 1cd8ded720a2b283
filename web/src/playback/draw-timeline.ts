// Draws the timeline: times above, footage and gaps as a band, the marked stretch and the playhead
// over it.

import { clockText, offsetOf, shortDayText } from '../time/zone';
import type { Gap, Span } from './coverage';
import { positionOf, ticks, type View } from './view';

export const TIMELINE_HEIGHT = 96;
export const BAND_TOP = 30;
export const BAND_HEIGHT = 40;
const STRIP_HEIGHT = 7;

export interface Scene {
  view: View;
  spans: Span[];
  gaps: Gap[];
  moved: Span[];
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
  const [w, h] = [Math.round(width * scale), Math.round(TIMELINE_HEIGHT * scale)];
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
  g.clearRect(0, 0, width, TIMELINE_HEIGHT);

  g.fillStyle = colour('--raised');
  g.fillRect(0, BAND_TOP, Math.max(0, Math.min(width, x(scene.now))), BAND_HEIGHT);
  band(g, scene.spans, x, () => colour('--covered'));
  band(g, scene.gaps, x, (gap) => colour(causeToken(gap.cause)));
  strip(g, scene.moved, x, colour('--motion'));
  times(g, scene, width, x, colour);
  marked(g, scene.mark, x, colour('--mark'), colour('--bg'));
  if (scene.cursor !== null) playhead(g, x(scene.cursor), colour('--text'), colour('--bg'));
}

function band<T extends Span>(g: CanvasRenderingContext2D, all: T[], x: (ms: number) => number, fill: (one: T) => string): void {
  for (const one of all) {
    const left = x(one.from);
    g.fillStyle = fill(one);
    // a gap of a second in a view of a day is still seen
    g.fillRect(left, BAND_TOP, Math.max(1, x(one.to) - left), BAND_HEIGHT);
  }
}

/** Along the lower edge of the band: when something moved. */
function strip(g: CanvasRenderingContext2D, all: Span[], x: (ms: number) => number, fill: string): void {
  g.fillStyle = fill;
  for (const { from, to } of all) {
    const left = x(from);
    g.fillRect(left, BAND_TOP + BAND_HEIGHT - STRIP_HEIGHT, Math.max(1, x(to) - left), STRIP_HEIGHT);
  }
}

function times(
  g: CanvasRenderingContext2D,
  { view, zone, language }: Scene,
  width: number,
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
    g.lineTo(left, BAND_TOP + BAND_HEIGHT + 6);
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

function marked(g: CanvasRenderingContext2D, { from, to }: Scene['mark'], x: (ms: number) => number, fill: string, on: string): void {
  if (from !== null && to !== null) {
    g.globalAlpha = 0.3;
    g.fillStyle = fill;
    g.fillRect(x(from), BAND_TOP - 4, x(to) - x(from), BAND_HEIGHT + 8);
    g.globalAlpha = 1;
  }
  if (from !== null) handle(g, x(from), 1, fill, on);
  if (to !== null) handle(g, x(to), -1, fill, on);
}

/** A bracket with a grip below the band; `side` 1 opens to the right. */
function handle(g: CanvasRenderingContext2D, left: number, side: 1 | -1, fill: string, on: string): void {
  g.fillStyle = fill;
  g.fillRect(left - 1.5, BAND_TOP - 4, 3, BAND_HEIGHT + 12);
  g.fillRect(side === 1 ? left - 1.5 : left - 14.5, BAND_TOP + BAND_HEIGHT + 4, 16, 18);
  g.fillStyle = on;
  const middle = left + side * 6.5;
  g.beginPath();
  g.moveTo(middle - side * 3, BAND_TOP + BAND_HEIGHT + 8);
  g.lineTo(middle + side * 3, BAND_TOP + BAND_HEIGHT + 13);
  g.lineTo(middle - side * 3, BAND_TOP + BAND_HEIGHT + 18);
  g.fill();
}

function playhead(g: CanvasRenderingContext2D, left: number, fill: string, edge: string): void {
  g.fillStyle = edge;
  g.fillRect(left - 2.5, BAND_TOP - 6, 5, BAND_HEIGHT + 12);
  g.fillStyle = fill;
  g.fillRect(left - 1, BAND_TOP - 6, 2, BAND_HEIGHT + 12);
  g.beginPath();
  g.moveTo(left - 7, BAND_TOP - 10);
  g.lineTo(left + 7, BAND_TOP - 10);
  g.lineTo(left, BAND_TOP + 1);
  g.fill();
}
