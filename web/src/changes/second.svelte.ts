// Sends what may take a second person. Whether it does, the server knows: it answers that it wants to be told why, and what
// was asked is sent again with the reason. Then it waits, and nothing has changed.

import { Problem } from '../api/client';
import { notices } from '../shell/notices.svelte';
import { t } from '../texts/texts.svelte';
import { changeNews } from './change-news.svelte';
import type { Changes } from './changes';

/** `done`: it counts; `waits`: of what was asked, this does not yet; neither: it was not sent after all. */
export interface Sent<T> {
  done?: T;
  waits?: Changes;
}

interface Why {
  reason?: string;
}

const isWaiting = (answer: unknown): answer is Changes => typeof answer === 'object' && answer !== null && 'items' in answer && 'others' in answer;

export class SecondPerson {
  /** a reason is wanted now */
  wanted = $state(false);
  private answered: ((reason: string | null) => void) | null = null;

  async send<T>(ask: (why: Why) => Promise<T | Changes>): Promise<Sent<T>> {
    try {
      return this.sentOf(await ask({}));
    } catch (problem) {
      if (!(problem instanceof Problem && problem.code === 'second-person') || this.wanted) throw problem;
    }
    const reason = await this.ask();
    return reason === null ? {} : this.sentOf(await ask({ reason }));
  }

  /** null: it is not asked for after all */
  answer(reason: string | null): void {
    this.wanted = false;
    this.answered?.(reason);
    this.answered = null;
  }

  private ask(): Promise<string | null> {
    this.wanted = true;
    return new Promise((resolve) => (this.answered = resolve));
  }

  private sentOf<T>(answer: T | Changes): Sent<T> {
    if (!isWaiting(answer)) return { done: answer };
    changeNews.answered(answer);
    notices.say(t(answer.others > 0 ? 'change.asked' : 'change.askedAlone'));
    return { waits: answer };
  }
}

export const second = new SecondPerson();
