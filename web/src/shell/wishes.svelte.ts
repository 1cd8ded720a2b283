// What was asked for and takes a second person, as this app knows it. The server tells over the live socket that something
// changed; then, and now and then, it is asked what.

interface Wish {
  id: string;
  /** whoever is signed in has asked for it */
  mine: boolean;
}

export abstract class Wishes<T extends Wish> {
  all = $state.raw<T[]>([]);
  /** Rises when something is another than it was; reading it makes an effect follow. */
  count = $state(0);
  /** put away here, until something else waits */
  private dismissed = $state.raw<ReadonlySet<string>>(new Set());
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Asked again each `restMs`, where somebody looks. */
  constructor(private readonly restMs: number) {}

  /** Asks the server; what cannot be had leaves what is known. */
  abstract load(): Promise<void>;

  start(): void {
    void this.load();
    this.timer ??= setInterval(() => document.hidden || void this.load(), this.restMs);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.all = [];
    this.dismissed = new Set();
  }

  /** The server told that something changed. */
  take(): void {
    if (this.timer) void this.load();
  }

  /** Takes some as the server just answered them. */
  put(...some: T[]): void {
    this.all = [...some, ...this.all.filter(({ id }) => !some.some((one) => one.id === id))];
    this.count++;
  }

  dismiss(): void {
    this.dismissed = new Set(this.all.map(({ id }) => id));
  }

  /** Of somebody else's, what was not put away. */
  protected get others(): T[] {
    return this.all.filter((one) => !one.mine && !this.dismissed.has(one.id));
  }
}
