// Something is sent from a sheet or a form: nothing else is while it is under way, and what fails is told where it was typed, or,
// once that was closed, as a notice with a button that sends the very same again.

import { onDestroy } from 'svelte';
import { Problem } from '../api/client';
import { t } from '../texts/texts.svelte';
import { notices } from './notices.svelte';
import { problemText } from './problem-text';

/** The same, sent again, may come through. */
const mayPass = (problem: unknown): boolean => problem instanceof Problem && (problem.status === 0 || problem.status === 429 || problem.status >= 500);

export class Attempt {
  busy = $state(false);
  error = $state('');
  private gone = false;

  constructor(private readonly words: (problem: unknown) => string = problemText) {}

  /** What it was sent from is closed. */
  readonly leave = (): void => {
    this.gone = true;
  };

  /** `send` says what came of it, and may be called again; `close` is for what is still open then. */
  async run(send: () => Promise<unknown>, close: () => void = () => {}): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = '';
    try {
      await send();
      if (!this.gone) close();
    } catch (problem) {
      if (this.gone) this.tell(problem, send);
      else this.error = this.words(problem);
    } finally {
      this.busy = false;
    }
  }

  private tell(problem: unknown, send: () => Promise<unknown>): void {
    const again = { action: { label: t('action.retry'), run: () => void this.run(send) } };
    notices.say(t('app.notSent', { why: this.words(problem) }), { bad: true, ...(mayPass(problem) && again) });
  }
}

/** Of the component that is being made. */
export function attempt(words?: (problem: unknown) => string): Attempt {
  const made = new Attempt(words);
  onDestroy(made.leave);
  return made;
}
