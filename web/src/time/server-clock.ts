// The server's clock as seen from here. The age of a picture is the server's time minus the time of
// capture; a phone whose clock is minutes off must not show an age that is minutes off.

/** Learns the difference of two clocks from answers that carry the other side's time. */
export class ServerClock {
  // The difference (server minus here, ms) lies between these two.
  private low = -Infinity;
  private high = Infinity;

  /**
   * An answer asked for at `asked` and there at `answered` (both of our clock) was written when the
   * server's clock stood in [`from`, `to`). Each answer narrows the difference; one that
   * contradicts the earlier ones (a clock was set) starts anew.
   */
  note(asked: number, answered: number, from: number, to: number): void {
    const low = from - answered;
    const high = to - asked;
    if (low > this.high || high < this.low) {
      this.low = low;
      this.high = high;
      return;
    }
    this.low = Math.max(this.low, low);
    this.high = Math.min(this.high, high);
  }

  /** The `Date` header: whole seconds, so it bounds the time only to a second. */
  noteDate(asked: number, answered: number, header: string | null): void {
    const time = header === null ? NaN : Date.parse(header);
    if (!Number.isNaN(time)) this.note(asked, answered, time, time + 1000);
  }

  /** A picture taken at `captureUs` is here: the server's clock is at least that far. */
  noteCapture(now: number, captureUs: number): void {
    const low = captureUs / 1000 - now;
    if (low > this.high) this.high = Infinity;
    this.low = Math.max(this.low, low);
  }

  /** Server minus here, milliseconds. */
  get offset(): number {
    if (this.low === -Infinity) return this.high === Infinity ? 0 : Math.min(0, this.high);
    if (this.high === Infinity) return Math.max(0, this.low);
    if (this.low <= 0 && this.high >= 0) return 0; // nothing speaks against equal clocks
    return this.low > 0 ? this.low : this.high;
  }

  /** The server's time, milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.offset;
  }
}

export const serverClock = new ServerClock();
