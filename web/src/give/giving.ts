// A film on its way to the server, piece by piece: a line that breaks costs one piece, and what is there is not sent
// again, not after a reload of the page either, as the server says where it goes on.

import { line, Refused, type Line } from '../report-form/send';
import { headersOf, pathOf, type Link } from './link';

export const PIECE_BYTES = 4 << 20;
/** A weak line comes back by itself, mostly. */
const AGAIN_MS = [1_000, 3_000, 8_000];

export interface GivenFile {
  n: number;
  type?: string;
  size: number;
  got: number;
  sha256?: string;
  given_at?: string;
  taken_back_at?: string;
  /** of one that is not whole */
  key?: string;
  /** when it is deleted by age, or until when a half one may go on */
  kept_until?: string;
  deleted_at?: string;
  evidence: boolean;
  /** `act`: a look; put into an evidence package; handed over in a copy of it */
  looks?: { at: string; role: string; case: string; act: 'look' | 'package' | 'hand-over'; package?: string }[];
}

/** So much is set aside for a file on its way, besides what has come. */
const AHEAD_BYTES = 64 << 20;

/** Bytes that are still to come of files of these sizes and keys, but for what is counted for them already. */
export function bytesToCome(files: readonly { size: number; key: string }[], there: readonly GivenFile[]): number {
  return files.reduce((sum, { size, key }) => {
    const half = there.find((one) => one.key === key && !one.taken_back_at);
    return sum + (half ? Math.max(0, size - half.got - AHEAD_BYTES) : size);
  }, 0);
}

const nothing = () => {};
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

export class Giving {
  constructor(
    private readonly link: Link,
    private readonly file: Blob,
    /** the same file by the same key is the same */
    private readonly key: string,
    private readonly by: Line = line,
    private readonly pause: (ms: number) => Promise<unknown> = wait,
  ) {}

  private begin(): Promise<GivenFile> {
    const body = JSON.stringify({ size: this.file.size, key: this.key });
    return this.by({ method: 'POST', path: pathOf(this.link, '/files'), headers: headersOf(this.link, 'application/json'), body, progress: nothing }) as Promise<GivenFile>;
  }

  private piece(file: GivenFile, told: (share: number) => void): Promise<GivenFile> {
    const body = this.file.slice(file.got, file.got + PIECE_BYTES);
    const path = pathOf(this.link, `/files/${file.n}?offset=${file.got}`);
    const progress = (share: number) => told((file.got + share * body.size) / file.size);
    return this.by({ method: 'POST', path, headers: headersOf(this.link, 'application/octet-stream'), body, progress }) as Promise<GivenFile>;
  }

  /** Goes on where it stopped; rejects with Refused when the line stays away, or the server takes no more. */
  async go(told: (share: number) => void): Promise<GivenFile> {
    let failures = 0;
    let file: GivenFile | null = null;
    for (;;) {
      try {
        if (!file) file = await this.begin();
        if (file.got >= file.size) return file;
        file = await this.piece(file, told);
        told(file.got / file.size);
        failures = 0;
      } catch (error) {
        // 409: another piece got there; 503, 429: too much at once; given-gone: what came of it is gone
        const passing = error instanceof Refused && ([0, 409, 429, 503].indexOf(error.status) >= 0 || error.code === 'given-gone');
        const ms = AGAIN_MS[failures++];
        if (!passing || ms === undefined) throw error;
        await this.pause(Math.max(ms, (error as Refused).retryAfter * 1_000));
        file = null;
      }
    }
  }
}
