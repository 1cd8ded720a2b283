// The file that was chosen, read in pieces: a package of many gigabytes never stands in memory.

import type { Bytes } from './bytes';
import { hasFastSha256, Sha256, sha256Fast } from './sums';

const PIECE_BYTES = 1 << 20;
/** Up to here a range is read whole and hashed at once, where WebCrypto is there to do it. */
const WHOLE_MOST_BYTES = 16 << 20;
/** The page answers fingers and draws at least this often. */
const TURN_MS = 30;

/** The browser does not let the file be read any more: it was moved, or changed, or its disk was taken out. */
export class Unreadable extends Error {}
/** Somebody does not want to know any more. */
export class Stopped extends Error {}

export class Source {
  readonly bytes: number;
  /** bytes that were read for checking */
  done = 0;
  private turn = performance.now();

  constructor(
    private readonly file: Blob,
    private readonly signal?: AbortSignal,
    private readonly progress: (done: number) => void = () => {},
  ) {
    this.bytes = file.size;
  }

  /** A file within the file. */
  within(at: number, size: number): Source {
    return new Source(this.file.slice(at, at + size), this.signal);
  }

  /** As many of `size` bytes as there are. */
  async read(at: number, size: number): Promise<Bytes> {
    if (this.signal?.aborted) throw new Stopped();
    await this.rest();
    try {
      return new Uint8Array(await this.file.slice(at, at + size).arrayBuffer());
    } catch {
      throw new Unreadable();
    }
  }

  /** Each piece of a range, in turn; counts for the progress. */
  private async pieces(at: number, size: number, take: (piece: Bytes) => void): Promise<boolean> {
    for (let end = at + size; at < end; at += PIECE_BYTES) {
      const want = Math.min(PIECE_BYTES, end - at);
      const piece = await this.read(at, want);
      if (piece.length !== want) return false;
      take(piece);
      this.count(want);
    }
    return true;
  }

  /** SHA-256 of a range, which `see` is shown on the way; '' when it ends before. */
  async hash(at: number, size: number, see: (piece: Bytes) => void = () => {}): Promise<string> {
    if (!hasFastSha256() || size > WHOLE_MOST_BYTES) {
      const running = new Sha256();
      const take = (piece: Bytes) => {
        running.add(piece);
        see(piece);
      };
      return (await this.pieces(at, size, take)) ? running.end() : '';
    }
    const whole = await this.read(at, size);
    if (whole.length !== size) return '';
    see(whole);
    this.count(size);
    return sha256Fast(whole);
  }

  private count(bytes: number): void {
    this.done += bytes;
    this.progress(this.done);
  }

  /** Lets the page do what else it has to, now and then. */
  private async rest(): Promise<void> {
    if (performance.now() - this.turn < TURN_MS) return;
    await new Promise((go) => setTimeout(go));
    this.turn = performance.now();
  }
}

export interface TextLine {
  /** without its newline; a byte each character; '' with `long` */
  text: string;
  bytes: Bytes;
  number: number;
  /** a newline stood behind it */
  ended: boolean;
  /** longer than any line may be: it was not read */
  long: boolean;
}
