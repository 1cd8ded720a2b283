// Decides which pictures go to the decoder. After anything that breaks the chain of references
// (a hole in the sequence, an error, a decoder that cannot follow) nothing is decoded up to the next key picture:
// a late picture is better than a false one. Times that do not connect break no chain.
//
// A machine that cannot decode all that it is shown would fall ever further behind. It gets key
// pictures only, for a while: fewer pictures, but none of them old.

/** So many pictures waiting in the decoder, for so long, and it counts as left behind. A burst after
 * a stalled network is decoded within that time. */
export const QUEUE_LIMIT = 8;
export const BEHIND_MS = 1_000;
/** All pictures since the last key picture come at once in the beginning: time to get through them;
 * when it is over, the queue must become shorter by this part within BEHIND_MS, up to when it is below
 * QUEUE_LIMIT for the first time. */
export const START_MS = 4_000;
const SHRINKS_BY = 1 / 16;
/** More than this is not waited for, and in the beginning. */
export const QUEUE_MOST = 300;
export const START_MOST = 2_500;
/** How long only key pictures are decoded; twice as long when the next try fails soon. */
export const SPARSE_MS = 4_000;
export const SPARSE_MOST_MS = 64_000;
const GOOD_MS = 10_000;
/** Key pictures that may wait while nothing else is decoded. */
const SPARSE_QUEUE = 2;

/** What becomes of a picture; 'fresh': decode it, and forget what still waits in the decoder. */
export type Verdict = 'drop' | 'decode' | 'fresh';

export class PictureGate {
  private needsKey = true;
  private last = -1;
  private startedAt = -Infinity;
  private started = false;
  private lookedAt = 0;
  private lookedQueued = 0;
  private overSince = -1;
  private sparseUntil = -Infinity;
  private sparseFor = 0;
  private fullSince = -Infinity;
  private stuck = false;
  /** pictures that were not decoded, since the start */
  dropped = 0;

  /** `random` in [0, 1): decoders that gave up together do not all try again together. */
  constructor(private readonly random: () => number = Math.random) {}

  /** Only key pictures are decoded, because the machine cannot do more. */
  sparse(now: number): boolean {
    return now < this.sparseUntil;
  }

  /** `queued` others are before it; `now` in milliseconds of a clock that does not jump. */
  admit(picture: { key: boolean; sequence: number }, queued: number, now: number): Verdict {
    const hole = this.last >= 0 && picture.sequence !== this.last + 1;
    this.last = picture.sequence;
    this.judge(queued, now);
    const verdict = picture.key ? this.key(queued, now) : this.delta(hole);
    if (verdict === 'drop') this.dropped++;
    return verdict;
  }

  /** The decoder failed or was set up anew. */
  reset(): void {
    this.needsKey = true;
    this.last = -1;
    this.overSince = -1;
    this.startedAt = -Infinity;
    this.started = false;
    this.stuck = false;
  }

  private judge(queued: number, now: number): void {
    if (queued < QUEUE_LIMIT) this.overSince = -1;
    else if (this.overSince < 0) this.overSince = now;
    const behind = this.started
      ? queued >= QUEUE_MOST || (this.overSince >= 0 && now - this.overSince >= BEHIND_MS)
      : queued >= START_MOST || !this.getsThrough(queued, now);
    if (!behind || this.sparse(now)) return;
    const again = this.sparseFor > 0 && now - this.fullSince < GOOD_MS;
    this.sparseFor = again ? Math.min(SPARSE_MOST_MS, this.sparseFor * 2) : SPARSE_MS;
    this.sparseUntil = now + this.sparseFor * (0.75 + this.random() / 2);
    this.needsKey = true;
    this.stuck = true;
    this.started = true;
    this.overSince = -1;
  }

  /** Does it get through what came at once in the beginning? */
  private getsThrough(queued: number, now: number): boolean {
    const over = this.startedAt !== -Infinity && now - this.startedAt >= START_MS;
    this.started = over && queued < QUEUE_LIMIT;
    const since = now - this.lookedAt;
    if (over && (this.started || since < BEHIND_MS)) return true;
    const gets = !over || since >= 2 * BEHIND_MS || queued <= this.lookedQueued * (1 - SHRINKS_BY);
    this.lookedAt = now;
    this.lookedQueued = queued;
    return gets;
  }

  private key(queued: number, now: number): Verdict {
    const sparse = this.sparse(now);
    if (this.startedAt === -Infinity) this.startedAt = now;
    if (this.needsKey && !sparse) this.fullSince = now;
    this.needsKey = sparse;
    if (this.stuck) {
      this.stuck = false;
      return 'fresh';
    }
    return sparse && queued >= SPARSE_QUEUE ? 'drop' : 'decode';
  }

  private delta(broken: boolean): Verdict {
    if (broken) this.needsKey = true;
    return this.needsKey ? 'drop' : 'decode';
  }
}
