// Packages as the server tells them over the live socket: those that wait for a second person and were not looked at
// here, and a count that pages follow.

import type { Package } from '../api/types';

/** As the message `package` of docs/reference/live.md. */
export interface PackageNews {
  id: string;
  number: string;
  state: Package['state'];
  /** a second person has not decided */
  waits: boolean;
  asked_by: string;
}

export class PackageNewsList {
  /** the newest first */
  waiting = $state.raw<PackageNews[]>([]);
  /** Rises with each message; reading it makes an effect follow. */
  count = $state(0);
  private readonly known = new Set<string>();

  take(news: PackageNews): void {
    this.count++;
    if (!news.waits) return this.seen(news.id);
    if (this.known.has(news.id)) return;
    this.known.add(news.id);
    this.waiting = [news, ...this.waiting];
  }

  seen(id: string): void {
    this.waiting = this.waiting.filter((one) => one.id !== id);
  }

  dismiss(): void {
    this.waiting = [];
  }

  /** Somebody else may sign in, who knows of none. */
  forget(): void {
    this.dismiss();
    this.known.clear();
  }
}

export const packageNews = new PackageNewsList();
