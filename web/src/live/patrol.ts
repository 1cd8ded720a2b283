// A patrol: the pages of the wall shown in turn, so many seconds each. Knows no screen and no clock;
// times are milliseconds of a clock that does not jump.

import { ALL, onPage, pageCount, type Place } from './wall';

export const SECONDS_DEFAULT = 15;
/** What is offered; a view may have any number of seconds from 5 to 600. */
export const SECONDS: readonly number[] = [5, 10, 15, 20, 30, 60, 120, 300, 600];
/** The pictures of the next step are asked for so long before it is shown. */
export const AHEAD_MS = 4_000;
/** Pictures that still do not come are not waited for any longer. */
export const WAIT_MS = 3_000;

/** The pages in turn; where all cameras stand on one page, each camera by itself. What shows nothing is left out. */
export function stepsOf(places: readonly Place[], layout: number): Place[][] {
  const shows = (step: Place[]) => step.some(({ camera }) => camera);
  const pages = pageCount(places.length, layout);
  if (layout === ALL || pages === 1) return places.map((place) => [place]).filter(shows);
  return Array.from({ length: pages }, (_, page) => onPage(places, layout, page)).filter(shows);
}

export class Patrol {
  at = 0;
  /** when the step that is shown began; moved on by pauses */
  private begun: number;
  private pausedAt = -1;

  constructor(
    private steps: number,
    private seconds: number,
    now: number,
  ) {
    this.begun = now;
  }

  get next(): number {
    return (this.at + 1) % this.steps;
  }

  get paused(): boolean {
    return this.pausedAt >= 0;
  }

  /** Cameras came or went, or another time was chosen. */
  follow(steps: number, seconds: number): void {
    this.steps = Math.max(1, steps);
    this.seconds = seconds;
    this.at %= this.steps;
  }

  private shownMs(now: number): number {
    return (this.paused ? this.pausedAt : now) - this.begun;
  }

  /** How much of the time of this step is over, 0 to 1. */
  progress(now: number): number {
    return Math.min(1, Math.max(0, this.shownMs(now) / (this.seconds * 1000)));
  }

  /** Is it time to have the next pictures come? */
  fetches(now: number): boolean {
    return this.steps > 1 && !this.paused && this.seconds * 1000 - this.shownMs(now) <= AHEAD_MS;
  }

  /** Turns to the next step when it is time for it and its pictures are `ready`; true when it did. */
  tick(now: number, ready: boolean): boolean {
    const over = this.shownMs(now) - this.seconds * 1000;
    if (this.paused || this.steps < 2 || over < 0 || (!ready && over < WAIT_MS)) return false;
    this.step(1, now);
    return true;
  }

  step(by: number, now: number): void {
    this.at = (((this.at + by) % this.steps) + this.steps) % this.steps;
    this.begun = now;
    if (this.paused) this.pausedAt = now;
  }

  pause(now: number): void {
    if (!this.paused) this.pausedAt = now;
  }

  goOn(now: number): void {
    if (this.paused) this.begun += now - this.pausedAt;
    this.pausedAt = -1;
  }
}
