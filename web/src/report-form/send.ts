// Sends what was told, and its pictures one after the other. Whatever fails can be sent again: the report by the
// same key is the same report, a picture that arrived is not sent twice.

import { makeKey } from './draft';
import type { Followed } from './link';

/** What went wrong. `status` 0: the server was not reached; `code`: the server's own word for it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly retryAfter: number,
    readonly code = '',
  ) {
    super(`HTTP ${status}`);
  }
}

export interface Ask {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers: Record<string, string>;
  body: string | Blob | null;
  /** of what is sent, 0 to 1 */
  progress: (share: number) => void;
}

export type Line = (ask: Ask) => Promise<unknown>;

function codeOf(text: string): string {
  try {
    return String((JSON.parse(text) as { cause_code?: string }).cause_code || '');
  } catch {
    return '';
  }
}

/** A line that says nothing for so long is dead; weak ones may be slow. */
const DEAD_MS = 60_000;

/** The server of this page. XMLHttpRequest, because fetch tells nothing of what is on its way up. */
export const line: Line = ({ method, path, headers, body, progress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const alive = () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => request.abort(), DEAD_MS);
    };
    request.open(method, `/api/v1${path}`);
    for (const name of Object.keys(headers)) request.setRequestHeader(name, headers[name]!);
    request.upload.onprogress = ({ loaded, total }) => {
      alive();
      if (total > 0) progress(loaded / total);
    };
    request.onload = () => {
      clearTimeout(timer);
      if (request.status < 200 || request.status > 299) return reject(new Refused(request.status, Number(request.getResponseHeader('Retry-After')) || 0, codeOf(request.responseText)));
      try {
        resolve(request.responseText ? JSON.parse(request.responseText) : null);
      } catch {
        reject(new Refused(502, 0));
      }
    };
    request.onerror = request.onabort = () => {
      clearTimeout(timer);
      reject(new Refused(0, 0));
    };
    alive();
    request.send(body);
  });

const nothing = () => {};

export function ask<T>(path: string, headers: Record<string, string> = {}, by: Line = line): Promise<T> {
  return by({ method: 'GET', path, headers, body: null, progress: nothing }) as Promise<T>;
}

/** What whoever told a report wishes for what is kept of it. */
export function wish<T>({ number, secret }: Followed, one: string, by: Line = line): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'X-Report-Secret': secret };
  return by({ method: 'POST', path: `/public/reports/${number}/wishes`, headers, body: JSON.stringify({ wish: one }), progress: nothing }) as Promise<T>;
}

/** A report on its way. */
export class Sending {
  /** once the server has the report */
  followed: Followed | null = null;
  /** pictures that the server has */
  sent = 0;

  constructor(
    private readonly body: Record<string, unknown>,
    readonly files: Blob[],
    private readonly by: Line = line,
  ) {}

  get whole(): boolean {
    return this.followed !== null && this.sent === this.files.length;
  }

  private tell(): Promise<Followed> {
    const headers = { 'Content-Type': 'application/json' };
    return this.by({ method: 'POST', path: '/public/reports', headers, body: JSON.stringify(this.body), progress: nothing }) as Promise<Followed>;
  }

  /** It came in by this key more than an hour ago, and its link was lost on the way: officers join the two. */
  private tellAnew(error: unknown): Promise<Followed> {
    if (!(error instanceof Refused) || error.status !== 409) throw error;
    this.body['key'] = makeKey();
    return this.tell();
  }

  /** Goes on where it stopped; rejects with Refused. `told`: the share of all bytes that is there. */
  async go(told: (share: number) => void): Promise<Followed> {
    if (!this.followed) this.followed = await this.tell().catch((error: unknown) => this.tellAnew(error));
    const { number, secret } = this.followed;
    const all = this.files.reduce((sum, { size }) => sum + size, 0);
    while (this.sent < this.files.length) {
      const file = this.files[this.sent]!;
      const before = this.files.slice(0, this.sent).reduce((sum, { size }) => sum + size, 0);
      const headers = { 'Content-Type': file.type, 'X-Report-Secret': secret };
      await this.by({ method: 'POST', path: `/public/reports/${number}/attachments`, headers, body: file, progress: (share) => told((before + share * file.size) / all) });
      this.sent++;
    }
    return this.followed;
  }

  /** The report stands; the picture that does not get through is left out. */
  skip(): void {
    this.files.splice(this.sent, 1);
  }
}
