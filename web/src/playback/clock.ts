// The one clock that all cameras on the playback screen follow. It runs on the machine's own time,
// so that a camera that stutters holds nobody up but by `hold`.

export class PlaybackClock {
  private at: number;
  private running = false;
  private held = false;
  private pace = 1;

  constructor(
    private base: number,
    private readonly machine: () => number = () => performance.now(),
  ) {
    this.at = this.machine();
  }

  /** The moment that is to be seen now, milliseconds since the epoch. */
  now(): number {
    return this.base + (this.running && !this.held ? (this.machine() - this.at) * this.pace : 0);
  }

  set(ms: number): void {
    this.base = ms;
    this.at = this.machine();
  }

  run(is: boolean): void {
    this.set(this.now());
    this.running = is;
  }

  speed(rate: number): void {
    this.set(this.now());
    this.pace = rate;
  }

  /** Stands still for a while, as when pictures are awaited. */
  hold(is: boolean): void {
    if (is === this.held) return;
    this.set(this.now());
    this.held = is;
  }
}
