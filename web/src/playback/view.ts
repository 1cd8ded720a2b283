// The stretch of time that the timeline shows, and the arithmetic of looking closer, further, and
// along. Times are milliseconds since the epoch.

export interface View {
  from: number;
  to: number;
}

export const VIEW_LEAST_MS = 10_000;
export const VIEW_MOST_MS = 31 * 86_400_000;

/** The moment at `x` pixels of a timeline `width` wide. */
export function momentAt(view: View, x: number, width: number): number {
  return view.from + ((view.to - view.from) * x) / Math.max(1, width);
}

/** Where the moment stands, pixels. */
export function positionOf(view: View, ms: number, width: number): number {
  return ((ms - view.from) / (view.to - view.from)) * width;
}

/** `factor` < 1 looks closer; `anchor` stays where it is. */
export function zoom(view: View, factor: number, anchor: number): View {
  const span = view.to - view.from;
  const wanted = Math.max(VIEW_LEAST_MS, Math.min(VIEW_MOST_MS, span * factor));
  const share = (anchor - view.from) / span;
  const from = anchor - wanted * share;
  return { from, to: from + wanted };
}

export function pan(view: View, by: number): View {
  return { from: view.from + by, to: view.to + by };
}

/** The same width, `ms` in the middle. */
export function centred(view: View, ms: number): View {
  const half = (view.to - view.from) / 2;
  return { from: ms - half, to: ms + half };
}

/** Moves on, a page at a time, when `ms` has left the view or is about to. */
export function following(view: View, ms: number): View {
  const span = view.to - view.from;
  if (ms >= view.from && ms <= view.to - span * 0.05) return view;
  return { from: ms - span * 0.2, to: ms + span * 0.8 };
}

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const STEPS = [
  SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
  MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
  HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY,
];

export interface Ticks {
  step: number;
  at: number[];
}

/**
 * Where to write times: at least `spacing` pixels apart, on round times of the site, whose clocks
 * are `offset` ahead of UTC.
 */
export function ticks(view: View, width: number, spacing: number, offset: number): Ticks {
  const least = ((view.to - view.from) / Math.max(1, width)) * spacing;
  const step = STEPS.find((candidate) => candidate >= least) ?? 7 * DAY;
  const at: number[] = [];
  const first = Math.ceil((view.from + offset) / step) * step - offset;
  for (let ms = first; ms <= view.to; ms += step) at.push(ms);
  return { step, at };
}
