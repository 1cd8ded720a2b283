// Small pictures for who drags a finger over time: few are asked for at once, the newest wish of each
// place counts, and what was shown once comes without asking.

import { file, Problem } from '../api/client';

/** The picture at this address; null: the server has none. */
export type AskPicture = (address: string) => Promise<Blob | null>;

async function askServer(address: string): Promise<Blob | null> {
  try {
    return (await file(address)).blob;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** Of about 6 kB each. */
const KEPT_MOST = 300;
const AT_ONCE = 2;

interface Wish {
  address: string;
  then: (picture: string) => void;
}

export class SmallPictures {
  /** address → what the page shows; '' for none; the one looked at last stands last */
  private readonly kept = new Map<string, string>();
  private readonly wishes = new Map<object, Wish>();
  private running = 0;

  constructor(
    private readonly ask: AskPicture = askServer,
    private readonly most = KEPT_MOST,
  ) {}

  /**
   * `then` gets the picture for this place, '' when there is none: at once when it is known. What was wished for this place before
   * and is not under way yet is dropped; what is under way still comes, so that a finger that never rests sees something.
   */
  want(place: object, address: string, then: (picture: string) => void): void {
    this.wishes.delete(place);
    const known = this.kept.get(address);
    if (known === undefined) {
      this.wishes.set(place, { address, then });
      this.next();
      return;
    }
    this.keep(address, known);
    then(known);
  }

  /** Nobody looks at this place any more. */
  leave(place: object): void {
    this.wishes.delete(place);
  }

  private next(): void {
    for (const [place, wish] of this.wishes) {
      if (this.running >= AT_ONCE) return;
      this.wishes.delete(place);
      this.running += 1;
      void this.fetch(wish);
    }
  }

  private async fetch({ address, then }: Wish): Promise<void> {
    try {
      const blob = await this.ask(address);
      const picture = this.kept.get(address) ?? (blob ? URL.createObjectURL(blob) : '');
      this.keep(address, picture);
      then(picture);
    } catch {
      // a line that fails shows no picture, and the next wish asks again
    } finally {
      this.running -= 1;
      this.next();
    }
  }

  private keep(address: string, picture: string): void {
    this.kept.delete(address);
    this.kept.set(address, picture);
    for (const [oldest, gone] of this.kept) {
      if (this.kept.size <= this.most) return;
      this.kept.delete(oldest);
      if (gone) URL.revokeObjectURL(gone);
    }
  }
}

/** Shared by all who show them. */
export const smallPictures = new SmallPictures();
