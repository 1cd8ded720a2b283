// Cases as the server tells them over the live socket: those that are late and concern who looks, and a count that
// lists follow.

import type { CaseState } from './types';

/** As the message `case` of docs/reference/live.md. */
export interface CaseNews {
  id: string;
  number: string;
  state: CaseState;
  /** name of who has it */
  assignee?: string;
  overdue: boolean;
}

export class CaseNewsList {
  /** late, and not looked at here; the newest first */
  late = $state.raw<CaseNews[]>([]);
  /** Rises with each message; reading it makes an effect follow. */
  count = $state(0);
  private readonly told = new Set<string>();

  take(news: CaseNews): void {
    this.count++;
    this.seen(news.id);
    if (news.overdue) this.late = [news, ...this.late];
    if (news.overdue) this.told.add(news.id);
    else this.told.delete(news.id);
  }

  /** It stands, and may have been told before. */
  standing(news: CaseNews): void {
    if (!this.told.has(news.id)) this.take(news);
  }

  seen(id: string): void {
    this.late = this.late.filter((one) => one.id !== id);
  }

  dismiss(): void {
    this.late = [];
  }

  /** Somebody else may sign in, who knows of none. */
  forget(): void {
    this.dismiss();
    this.told.clear();
  }
}

export const caseNews = new CaseNewsList();
