// Who asks to see, and sees, which camera without its masks: as this app knows it.

import type { Camera } from '../api/types';
import { Wishes } from '../shell/wishes.svelte';
import { liftings, runs, waits, type Lifting } from './masks';

export class MaskNews extends Wishes<Lifting> {
  constructor() {
    super(30_000);
  }

  /** As the message `mask` of docs/reference/live.md: of masks that changed, too. */
  override take(): void {
    this.count++;
    super.take();
  }

  async load(): Promise<void> {
    this.all = await liftings.all().catch(() => this.all);
  }

  /** Those that wait for somebody else than who asked, and were not put away. */
  get toDecide(): Lifting[] {
    return this.others.filter(waits);
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
