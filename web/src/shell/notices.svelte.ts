// Short messages at the foot of the screen: what was done, and how to undo it.

import { untrack } from 'svelte';

export interface Notice {
  id: number;
  text: string;
  bad: boolean;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 7_000;
/** What can be undone waits for a slow thumb. */
const UNDO_MS = 15_000;

class Notices {
  shown = $state<Notice[]>([]);
  /** the sheets that are open: what lies under one can neither be read nor tapped, so the notices are in the topmost */
  sheets = $state.raw<object[]>([]);
  private next = 1;

  /** A sheet opened; the answer is to be called when it closes. */
  over(sheet: object): () => void {
    untrack(() => (this.sheets = [...this.sheets, sheet]));
    return () => untrack(() => (this.sheets = this.sheets.filter((one) => one !== sheet)));
  }

  /** What is shown in a sheet, or (null) on the page. */
  in(sheet: object | null): Notice[] {
    return (this.sheets.at(-1) ?? null) === sheet ? this.shown : [];
  }

  say(text: string, options: { bad?: boolean; action?: { label: string; run: () => void } } = {}): void {
    const id = this.next++;
    const notice: Notice = { id, text, bad: options.bad ?? false };
    if (options.action) notice.action = options.action;
    this.shown = [...this.shown.slice(-2), notice];
    setTimeout(() => this.dismiss(id), notice.action ? UNDO_MS : SHOWN_MS);
  }

  dismiss(id: number): void {
    this.shown = this.shown.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
