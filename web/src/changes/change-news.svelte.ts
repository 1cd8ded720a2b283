// What keeps less, sets a clock or loosens a rule, and waits for a second person: as this app knows it.

import { Wishes } from '../shell/wishes.svelte';
import { changes, waits, type Change, type Changes } from './changes';

export class ChangeNews extends Wishes<Change> {
  /** how many else could decide what is asked for from here; undefined: not known yet */
  deciders = $state<number>();

  constructor() {
    super(60_000);
  }

  override stop(): void {
    super.stop();
    this.deciders = undefined;
  }

  async load(): Promise<void> {
    const fresh = await changes.all().catch(() => undefined);
    if (!fresh) return;
    const stands = (all: Change[]) => all.map(({ id, state }) => `${id} ${state}`).join();
    if (stands(fresh.items) !== stands(this.all)) this.count++;
    this.all = fresh.items;
    this.deciders = fresh.others;
  }

  /** Takes an answer of the server to what was asked for. */
  answered({ items, others }: Changes): void {
    this.put(...items);
    this.deciders = others;
  }

  /** Those that wait for somebody else than who asked, and were not put away. */
  toDecide(now: number): Change[] {
    return this.others.filter((one) => waits(one, now));
  }

  /** What waits of this camera, or (null) of the whole site. */
  waiting(camera: string | null, now: number): Change[] {
    return this.all.filter((one) => one.camera === camera && waits(one, now));
  }
}

export const changeNews = new ChangeNews();
