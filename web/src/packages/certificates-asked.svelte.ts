// Which negative certificates of a case go along with a package that is asked for: all of them, unless one is unticked. What is
// known of one case is never said of another, however the answers come in.

import type { Package } from '../api/types';
import { problemText } from '../shell/problem-text';
import { certificatesOf } from './packages';

export class CertificatesAsked {
  #known = $state.raw<{ number: string; all: Package[] }>({ number: '', all: [] });
  #failed = $state.raw({ number: '', words: '' });
  #left = $state.raw<string[]>([]);
  #question = 0;
  readonly #find: typeof certificatesOf;

  constructor(find: typeof certificatesOf = certificatesOf) {
    this.#find = find;
  }

  /** Of the case of this number, as it is typed; none while it is not known which there are. */
  of(number: string): Package[] {
    return this.#known.number === number.trim() ? this.#known.all : [];
  }

  /** Why it could not be told which there are; '': it could, or nobody has asked. */
  trouble(number: string): string {
    return this.#failed.number === number.trim() ? this.#failed.words : '';
  }

  goes(id: string): boolean {
    return !this.#left.includes(id);
  }

  toggle(id: string): void {
    this.#left = this.goes(id) ? [...this.#left, id] : this.#left.filter((one) => one !== id);
  }

  /** Ids of those that go along; null: none is known, the server takes all that there are. */
  chosen(number: string): string[] | null {
    const all = this.of(number);
    return all.length > 0 ? all.map(({ id }) => id).filter((id) => this.goes(id)) : null;
  }

  /** Asks which there are. An answer that comes after a newer question is not heard. */
  async ask(number: string): Promise<void> {
    const asked = number.trim();
    const question = ++this.#question;
    try {
      const all = await this.#find(asked);
      if (question !== this.#question) return;
      this.#known = { number: asked, all };
      this.#failed = { number: '', words: '' };
    } catch (error) {
      if (question === this.#question) this.#failed = { number: asked, words: problemText(error) };
    }
  }
}
