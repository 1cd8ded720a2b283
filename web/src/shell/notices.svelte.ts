// Short messages at the foot of the screen: what was done, and how to undo it.

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
  private next = 1;

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
