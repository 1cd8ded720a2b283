// Decides which pictures go to the decoder. After anything that breaks the chain of references
// (a hole, an error, a decoder that cannot follow) nothing is decoded up to the next key picture:
// a late picture is better than a false one.

/** Pictures in the decoder's queue above which it counts as left behind: a burst at the start (all
 * pictures since the last key picture) fits in. */
export const QUEUE_LIMIT = 90;

export class PictureGate {
  private needsKey = true;
  private last = -1;
  /** pictures that were not decoded, since the start */
  dropped = 0;

  /** Whether to decode this picture, `queued` others being before it. */
  admit(picture: { key: boolean; discontinuity: boolean; sequence: number }, queued: number): boolean {
    const hole = this.last >= 0 && picture.sequence !== this.last + 1;
    this.last = picture.sequence;
    if (queued >= QUEUE_LIMIT) {
      this.needsKey = true;
      this.dropped++;
      return false;
    }
    if (picture.key) {
      this.needsKey = false;
    } else if (hole || picture.discontinuity) {
      this.needsKey = true;
    }
    if (this.needsKey) this.dropped++;
    return !this.needsKey;
  }

  /** The decoder failed or was set up anew. */
  reset(): void {
    this.needsKey = true;
    this.last = -1;
  }
}
