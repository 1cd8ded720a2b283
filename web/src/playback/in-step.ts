// How a camera is kept in step with the common clock: a little off is made up by running faster or
// slower, which nobody sees; far off by a jump.

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16, 32];

/** One camera that does not come holds the others up no longer than this. */
export const HOLD_MOST_MS = 4_000;

/** Off by less than this is in step: a quarter of a picture at 15 a second. */
const NEAR_MS = 15;
/** … and by more than this is far off, at ×1. */
const FAR_MS = 400;
/** An offset is made up in about this time … */
const MAKE_UP_MS = 400;
/** … by a pace that differs no more than this. */
const MOST_NUDGE = 0.25;
/** The browser's own bounds. */
const RATE_LEAST = 0.0625;
const RATE_MOST = 16;

export type Correction = { seek: true } | { seek: false; rate: number };

/** What to do with a camera that shows `shown` when the clock says `clock`, at `speed`. */
export function correction(clock: number, shown: number, speed: number): Correction {
  const off = shown - clock;
  if (Math.abs(off) > FAR_MS * speed) return { seek: true };
  const near = Math.abs(off) < NEAR_MS * Math.max(1, speed);
  const nudge = near ? 0 : Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, -off / (MAKE_UP_MS * speed)));
  return { seek: false, rate: Math.max(RATE_LEAST, Math.min(RATE_MOST, speed * (1 + nudge))) };
}

/** Cameras × speed that are played as film; what is more is shown as key pictures. */
const MOST_FILM = 16;
/** Faster than this no film is played, as browsers go no faster than ×16. */
const FASTEST_FILM = 8;

export function byKeyPictures(lanes: number, speed: number): boolean {
  return speed > 1 && (speed > FASTEST_FILM || lanes * speed > MOST_FILM);
}
