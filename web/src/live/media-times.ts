// When the pictures of one stream stand on the media timeline of a source buffer, and when each was
// taken. A browser that plays by Media Source Extensions drops all up to the next key picture once a
// picture comes more than twice its forerunner's duration after it (W3C MSE, coded frame processing),
// which a camera in the dark, or one whose clock trembles, does often. So pictures get a timeline of
// their own: as they were taken, but none further behind the one before than PACE_S, which is also
// what each claims to last.

/** Longest step on the timeline: what a still camera skips is not waited for by the player's clock. */
export const PACE_S = 0.25;
const SHORTEST_S = 0.001;
/** What was never shown is forgotten beyond this; more than ever comes at once. */
export const KEEP_MOST = 2_500;

interface Placed {
  ticks: number;
  captureUs: number;
}

export class MediaTimes {
  private readonly placed: Placed[] = [];
  private last: Placed | null = null;

  /** `timescale`: ticks a second. */
  constructor(private readonly timescale: number) {}

  /** What every picture claims to last, ticks. */
  get durationTicks(): number {
    return Math.round(PACE_S * this.timescale);
  }

  /** Puts the next picture onto the timeline: where it begins, ticks. */
  place(captureUs: number): number {
    const step = this.last ? (captureUs - this.last.captureUs) / 1e6 : 0;
    const paced = Math.min(PACE_S, Math.max(SHORTEST_S, step));
    const ticks = this.last ? this.last.ticks + Math.max(1, Math.floor(paced * this.timescale)) : 0;
    this.last = { ticks, captureUs };
    this.placed.push(this.last);
    if (this.placed.length > KEEP_MOST) this.placed.shift();
    return ticks;
  }

  /** Where the newest picture begins, seconds. */
  get newestS(): number {
    return (this.last?.ticks ?? 0) / this.timescale;
  }

  /** Pictures that come after the one shown last. */
  get waiting(): number {
    return this.placed.length;
  }

  /** The picture at `mediaTime` seconds is shown: when it was taken; null when it is not known. It and those before it wait no longer. */
  shown(mediaTime: number): number | null {
    const ticks = mediaTime * this.timescale + 0.5 + this.timescale / 1e6; // browsers round to microseconds
    let count = 0;
    while (count < this.placed.length && this.placed[count]!.ticks <= ticks) count++;
    return this.placed.splice(0, count).at(-1)?.captureUs ?? null;
  }
}
