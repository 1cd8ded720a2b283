// A download that goes on where a broken line cut it off (RFC 9110 §14.2 and §13.1.5).

import { Problem, request } from '../api/client';

export interface Pulled {
  bytes: number;
  total: number;
}

export interface PullOptions {
  signal: AbortSignal;
  progress: (now: Pulled) => void;
  /** Waits before the line is tried again; a test does not. */
  wait?: (tries: number) => Promise<void>;
  /** More than this is refused with TooLarge before anything is put. */
  most?: number;
}

export class TooLarge extends Error {}

type Put = (piece: Uint8Array<ArrayBuffer>) => Promise<void> | void;

/** A line on which nothing comes for so long hangs: phones are not told that their network is gone. */
const SILENT_MS = 15_000;

/** Breaks of the line one after another, with nothing come between, before it is given up. */
const TRIES = 5;

const pause = (tries: number) => new Promise<void>((resolve) => setTimeout(resolve, 1000 * 2 ** tries));

/** What comes is not wanted: the line is free again before anything else is asked. */
async function refused<T extends Error>(response: Response, why: T): Promise<T> {
  await response.body?.cancel().catch(() => {});
  return why;
}

/** What was promised, if it comes while anybody would still wait; else the line is hung up on, as if it had broken. */
function inTime<T>(promised: Promise<T>, hangUp: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      hangUp();
      reject(new Problem(0, '', ''));
    }, SILENT_MS);
    promised.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What is known of a film that comes: how much is there of how much, and which one it is. */
interface Film extends Pulled {
  tag: string;
}

/** One line to the film, from where the last one stopped; resolves when it ends. `heard`: something came. */
async function follow(url: string, film: Film, put: Put, heard: () => void, { signal, progress, most = Infinity }: PullOptions): Promise<void> {
  const line = new AbortController();
  const hangUp = () => line.abort();
  signal.addEventListener('abort', hangUp);
  if (signal.aborted) hangUp();
  try {
    const again = film.bytes > 0 ? { Range: `bytes=${film.bytes}-`, 'If-Range': film.tag } : undefined;
    const response = await inTime(request(url, { signal: line.signal, ...(again && { headers: again }) }), hangUp);
    // another film than the one that was begun: what is there of it is of no use
    if (again && response.status !== 206) throw await refused(response, new Problem(422, '', '', 'clip-changed'));
    if (!again) {
      film.total = Number(response.headers.get('Content-Length')) || 0;
      film.tag = response.headers.get('ETag') ?? '';
      if (film.total > most) throw await refused(response, new TooLarge());
    }
    const reader = response.body!.getReader();
    for (;;) {
      const { done, value } = await inTime(reader.read(), hangUp);
      if (done) return;
      await put(value as Uint8Array<ArrayBuffer>);
      film.bytes += value.byteLength;
      if (value.byteLength > 0) heard();
      progress({ bytes: film.bytes, total: film.total });
    }
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

/** Puts what stands at `url`, piece after piece; resolves when all of it is there. */
export async function pull(url: string, put: Put, options: PullOptions): Promise<void> {
  const { signal, wait = pause } = options;
  const film: Film = { bytes: 0, total: 0, tag: '' };
  for (let tries = 0; ; ) {
    try {
      await follow(url, film, put, () => (tries = 0), options);
      if (!film.total || film.bytes >= film.total) return;
    } catch (error) {
      const broken = error instanceof TypeError || (error instanceof Problem && error.status === 0);
      if (signal.aborted || !broken || (film.bytes > 0 && !film.tag)) throw error;
    }
    if (++tries > TRIES) throw new Problem(0, '', '');
    await wait(tries);
    if (signal.aborted) throw new DOMException('', 'AbortError');
  }
}
