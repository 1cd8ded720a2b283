// What waits for a second person, as this app knows it. The server tells over the live socket that something changed; then,
// and now and then, it is asked what.

import { changes, waits, type Change, type Changes } from './changes';

const REST_MS = 60_000;

export class ChangeNews {
  all = $state.raw<Change[]>([]);
  /** who else could decide what is asked for from here; undefined: not known yet */
  others = $state<number>();
  /** Rises when something was decided: what is set may be another now. */
  count = $state(0);
  /** put away here, until something else waits */
  private dismissed = $state.raw<ReadonlySet<string>>(new Set());
  private timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    void this.load();
    this.timer ??= setInterval(() => document.hidden || void this.load(), REST_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.all = [];
    this.others = undefined;
    this.dismissed = new Set();
  }

  /** As the message `change` of docs/reference/live.md. */
  take(): void {
    if (this.timer) void this.load();
  }

  async load(): Promise<void> {
    const fresh = await changes.all().catch(() => undefined);
    if (!fresh) return;
    const stands = (all: Change[]) => all.map(({ id, state }) => `${id} ${state}`).join();
    if (stands(fresh.items) !== stands(this.all)) this.count++;
    this.all = fresh.items;
    this.others = fresh.others;
  }

  /** Takes some as the server just answered them. */
  put({ items, others }: Pick<Changes, 'items'> & Partial<Changes>): void {
    this.all = [...items, ...this.all.filter(({ id }) => !items.some((one) => one.id === id))];
    this.others = others ?? this.others;
    this.count++;
  }

  /** Those that wait for somebody else than who asked, and were not put away. */
  toDecide(now: number): Change[] {
    return this.all.filter((one) => waits(one, now) && !one.mine && !this.dismissed.has(one.id));
  }

  dismiss(): void {
    this.dismissed = new Set(this.all.map(({ id }) => id));
  }

  /** What waits of this camera, or (null) of the whole site. */
  waiting(camera: string | null, now: number): Change[] {
    return this.all.filter((one) => one.camera === camera && waits(one, now));
  }
}

export const changeNews = new ChangeNews();
