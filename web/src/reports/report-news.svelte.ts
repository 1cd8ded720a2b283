// Reports as the server tells them over the live socket: those that wait and were not looked at, and a count that
// lists follow.

import type { ReportState } from '../api/types';
import type { ReportKind } from './kinds';

/** As the message `report` of docs/reference/live.md. */
export interface ReportNews {
  id: string;
  number: string;
  kind: ReportKind;
  location: string | null;
  state: ReportState;
  /** it has waited for too long: for somebody, or for whoever has it */
  rises?: boolean;
  taken_by?: string;
}

export class ReportNewsList {
  /** nobody has taken them, or they rose, and they were not looked at here; the newest first */
  waiting = $state.raw<ReportNews[]>([]);
  /** Rises with each message; reading it makes an effect follow. */
  count = $state(0);
  private readonly mine = new Set<string>();
  /** of each that was told here what it was then */
  private readonly told = new Map<string, string>();
  /** what came while one of my own was on its way, and may be that one */
  private held: ReportNews[] | null = null;

  /** Is it new here, so that somebody should look? */
  take(news: ReportNews): boolean {
    this.count++;
    if (this.held) {
      this.held.push(news);
      return false;
    }
    const known = this.waiting.find(({ id }) => id === news.id);
    if ((news.state !== 'new' && !news.rises) || this.mine.has(news.id)) {
      if (known) this.seen(news.id);
      if (news.state !== 'new') this.told.delete(news.id);
      return false;
    }
    this.told.set(news.id, news.state);
    this.waiting = [news, ...this.waiting.filter(({ id }) => id !== news.id)];
    return !known || Boolean(news.rises && (!known.rises || known.state !== news.state));
  }

  /** It stands, and may have been told before: true when it was not, so that somebody should look. */
  standing(news: ReportNews): boolean {
    return !this.told.has(news.id) && this.take(news);
  }

  /** Whoever told it knows of it. */
  own(id: string): void {
    this.mine.add(id);
    this.seen(id);
  }

  /** Until `release`: one's own is told over the socket before its answer is here. */
  hold(): void {
    this.held ??= [];
  }

  /** What came meanwhile, to be taken now. */
  release(): ReportNews[] {
    const held = this.held ?? [];
    this.held = null;
    return held;
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
    this.told.clear();
    this.mine.clear();
    this.held = null;
  }
}

export const reportNews = new ReportNewsList();
