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

/** Breaks of the line one after another, with nothing come between, before it is given up. */
const TRIES = 5;

const pause = (tries: number) => new Promise<void>((resolve) => setTimeout(resolve, 1000 * 2 ** tries));

/** What comes is not wanted: the line is free again before anything else is asked. */
async function refused<T extends Error>(response: Response, why: T): Promise<T> {
  await response.body?.cancel().catch(() => {});
  return why;
}

/** Puts what stands at `url`, piece after piece; resolves when all of it is there. */
export async function pull(url: string, put: (piece: Uint8Array<ArrayBuffer>) => Promise<void> | void, { signal, progress, wait = pause, most = Infinity }: PullOptions): Promise<void> {
  let bytes = 0;
  let total = 0;
  let tag = '';
  for (let tries = 0; ; ) {
    try {
      const again = bytes > 0 ? { Range: `bytes=${bytes}-`, 'If-Range': tag } : undefined;
      const response = await request(url, { signal, ...(again && { headers: again }) });
      // another film than the one that was begun: what is there of it is of no use
      if (again && response.status !== 206) throw await refused(response, new Problem(422, '', '', 'clip-changed'));
      if (!again) {
        total = Number(response.headers.get('Content-Length')) || 0;
        tag = response.headers.get('ETag') ?? '';
        if (total > most) throw await refused(response, new TooLarge());
      }
      const reader = response.body!.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        await put(value as Uint8Array<ArrayBuffer>);
        bytes += value.byteLength;
        if (value.byteLength > 0) tries = 0;
        progress({ bytes, total });
      }
      if (!total || bytes >= total) return;
    } catch (error) {
      const broken = error instanceof TypeError || (error instanceof Problem && error.status === 0);
      if (signal.aborted || !broken || (bytes > 0 && !tag)) throw error;
    }
    if (++tries > TRIES) throw new Problem(0, '', '');
    await wait(tries);
    if (signal.aborted) throw new DOMException('', 'AbortError');
  }
}
