// Who asks to see, and sees, which camera without its masks: as this app knows it. The server tells over the live socket that
// something changed; then, and now and then, it is asked what.

import type { Camera } from '../api/types';
import { liftings, runs, waits, type Lifting } from './masks';

const REST_MS = 30_000;

export class MaskNews {
  all = $state.raw<Lifting[]>([]);
  /** Rises with each message; reading it makes an effect follow. */
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
    this.dismissed = new Set();
  }

  /** As the message `mask` of docs/reference/live.md. */
  take(): void {
    this.count++;
    if (this.timer) void this.load();
  }

  async load(): Promise<void> {
    this.all = await liftings.all().catch(() => this.all);
  }

  /** Takes one as the server just answered it. */
  put(one: Lifting): void {
    this.all = [one, ...this.all.filter(({ id }) => id !== one.id)];
    this.count++;
  }

  /** Those that wait for somebody else than who asked, and were not put away. */
  get toDecide(): Lifting[] {
    return this.all.filter((one) => waits(one) && !one.mine && !this.dismissed.has(one.id));
  }

  dismiss(): void {
    this.dismissed = new Set(this.all.map(({ id }) => id));
  }

  /** By which whoever is signed in sees this camera without masks now. */
  own(camera: string, now: number): Lifting | undefined {
    return this.all.find((one) => one.mine && one.camera === camera && runs(one, now));
  }

  /** What whoever is signed in has asked for of this camera, that nobody has decided. */
  asked(camera: string): Lifting | undefined {
    return this.all.find((one) => one.mine && one.camera === camera && waits(one));
  }
}

export const maskNews = new MaskNews();

export const isMasked = (camera: Pick<Camera, 'masks'> | undefined): boolean => (camera?.masks ?? 0) > 0;
