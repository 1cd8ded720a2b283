// A list that the server tells page by page, the newest first.

import { problemText } from './problem-text';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export class Pages<T extends { id: string }> {
  items = $state.raw<T[]>([]);
  /** where the next page begins; null: there is none */
  next = $state<string | null>(null);
  busy = $state(false);
  /** whether the server has answered, since an empty list was asked for anew */
  loaded = $state(false);
  trouble = $state('');
  #ask: (cursor: string, signal: AbortSignal) => Promise<Page<T>>;
  #asked: AbortController | undefined;
  #cursor = '';

  constructor(ask: (cursor: string, signal: AbortSignal) => Promise<Page<T>>) {
    this.#ask = ask;
  }

  /** From the newest, in place of what is shown. */
  load(): Promise<void> {
    if (this.items.length === 0) this.loaded = false;
    return this.#fetch('');
  }

  /** What follows. What has moved from one page to the next meanwhile stands once, as it was told last. */
  more(): Promise<void> {
    return this.#fetch(this.next ?? '');
  }

  /** Page by page from the newest, until `found` among them, or the end. */
  async loadUntil(found: (items: readonly T[]) => boolean): Promise<void> {
    await this.load();
    while (!this.trouble && this.next && !found(this.items)) await this.more();
  }

  /** What failed, again. */
  retry(): Promise<void> {
    return this.#fetch(this.#cursor);
  }

  /** As load(), but neither for nobody, nor over what is under way, nor for who has read on beyond `most`: nobody is thrown back to the first page. */
  refresh(most: number): void {
    if (!this.busy && !document.hidden && this.items.length <= most) void this.#fetch('');
  }

  /** Nobody looks any more. */
  end(): void {
    this.#asked?.abort();
  }

  async #fetch(cursor: string): Promise<void> {
    this.#asked?.abort();
    const mine = (this.#asked = new AbortController());
    this.#cursor = cursor;
    this.busy = true;
    try {
      const page = await this.#ask(cursor, mine.signal);
      if (mine.signal.aborted) return;
      this.items = cursor ? together(this.items, page.items) : page.items;
      this.next = page.next;
      this.trouble = '';
      this.loaded = true;
    } catch (error) {
      if (!mine.signal.aborted) this.trouble = problemText(error);
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }
}

/** `list` and what follows; of what is in both, as the newer page tells it. */
function together<T extends { id: string }>(list: readonly T[], more: readonly T[]): T[] {
  const newer = new Map(more.map((one) => [one.id, one]));
  return [...list.map((one) => newer.get(one.id) ?? one), ...more.filter(({ id }) => !list.some((one) => one.id === id))];
}
