// What a source buffer that is fed for hours may lose, and how its player gets to the newest picture.
// Removing goes on to the next key picture (W3C MSE, coded frame removal), and a jump decodes all from
// the key picture on: both are dear where key pictures are far apart.

/** So much behind the newest picture stays. */
const KEEP_S = 8;
/** It is removed only when it is worth the while. */
const WORTH_S = 8;
/** Pictures stand at least twice as far apart on the timeline (MediaTimes). */
const BEFORE_KEY_S = 0.0005;

/** Playing further behind the newest picture than this is caught up by a jump. */
const BEHIND_S = 0.8;
/** Further than this, by playing so much faster, until it is at the newest picture. */
const LATE_S = 0.12;
const FASTER = 1.5;
/** Where a jump would take longer than it gains. */
const MUCH_FASTER = 2;

export class KeyTimes {
  private keys: number[] = [];

  add(atS: number): void {
    this.keys.push(atS);
  }

  /** Up to where the buffer may be emptied, seconds; null: nothing is worth it, or all of it is still played. */
  spare(fromS: number, newestS: number, playedS: number): number | null {
    const endS = this.newestBefore(Math.min(newestS - KEEP_S, playedS));
    return endS !== null && endS - fromS >= WORTH_S ? this.cut(endS) : null;
  }

  /** The same when the buffer is full: all that has been played. */
  played(fromS: number, playedS: number): number | null {
    const endS = this.newestBefore(playedS);
    return endS !== null && endS - BEFORE_KEY_S > fromS ? this.cut(endS) : null;
  }

  private newestBefore(s: number): number | null {
    return this.keys.findLast((key) => key <= s) ?? null;
  }

  private cut(endS: number): number {
    this.keys = this.keys.filter((key) => key >= endS);
    return endS - BEFORE_KEY_S;
  }
}

/** What is to be done with a player that is so far behind: null, a jump; else how fast it plays.
 * `jumpS`: how long the last jump within this group of pictures took. */
export function paceOf(lateS: number, jumpS: number, rate: number): number | null {
  if (lateS > Math.max(BEHIND_S, 2 * jumpS)) return null;
  if (lateS > BEHIND_S) return MUCH_FASTER;
  if (lateS > LATE_S) return FASTER;
  return lateS <= 0 ? 1 : rate;
}
