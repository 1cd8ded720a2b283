// Asks the server. Every failure is a Problem, so that screens have one kind of error to tell of.

import { serverClock } from '../time/server-clock';

const PREFIX = '/api/v1';

/** What went wrong with a request. `status` 0: the server could not be reached. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** the server's stable word for it */
    readonly code = '',
    /** when to try again, seconds; 0: not said */
    readonly retryAfter = 0,
    /** of the certificate that a camera showed; '' when that is not what it is about */
    readonly fingerprint = '',
  ) {
    super(detail || title || `HTTP ${status}`);
  }
}

let onSignedOut = () => {};

/** Calls `then` whenever the server says that there is no session. */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

/** The full address of an API path, with its query. */
export function apiUrl(path: string, query: Record<string, string | number | undefined> = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return PREFIX + path + (parts.length > 0 ? `?${parts.join('&')}` : '');
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '');
  return new Problem(response.status, text('title'), text('detail'), text('cause_code'), Number(response.headers.get('Retry-After')) || 0, text('fingerprint'));
}

/** A request whose answer is not read yet; throws Problem for anything but 2xx. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const asked = Date.now();
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin', ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, '', '');
  }
  serverClock.noteDate(asked, Date.now(), response.headers.get('Date'));
  if (response.ok) return response;
  if (response.status === 401 && !url.endsWith('/session')) onSignedOut();
  throw await problemOf(response);
}

/** An answer that takes longer than this does not come; `POST` may wait for a camera. */
const READ_MOST_MS = 10_000;
const CHANGE_MOST_MS = 30_000;

/** A picture that takes longer than this does not come. */
const FILE_MOST_MS = 15_000;

/** What `ask` gives, unless it takes too long, which is as if the server were not reached; `signal` ends it before. */
async function within<T>(mostMs: number, ask: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  const timer = setTimeout(abort, mostMs);
  signal?.addEventListener('abort', abort);
  try {
    return await ask(stop.signal);
  } catch (error) {
    if (stop.signal.aborted && !signal?.aborted) throw new Problem(0, '', '');
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** A small file, whole: a line that is half open keeps nobody waiting. */
export const file = (url: string): Promise<{ blob: Blob; headers: Headers }> =>
  within(FILE_MOST_MS, async (signal) => {
    const response = await request(url, { signal });
    return { blob: await response.blob(), headers: response.headers };
  });

function json<T>(method: string, path: string, body?: unknown, signal?: AbortSignal, type = 'application/json'): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { 'Content-Type': type };
    init.body = type === 'application/json' ? JSON.stringify(body) : (body as string);
  }
  const ask = async (until: AbortSignal) => {
    const response = await request(PREFIX + path, { ...init, signal: until });
    return (response.status === 204 ? undefined : await response.json()) as T;
  };
  return within(method === 'GET' ? READ_MOST_MS : CHANGE_MOST_MS, ask, signal);
}

export const api = {
  get: <T>(path: string, signal?: AbortSignal) => json<T>('GET', path, undefined, signal),
  post: <T>(path: string, body: unknown, signal?: AbortSignal) => json<T>('POST', path, body, signal),
  postTable: <T>(path: string, table: string, signal?: AbortSignal) => json<T>('POST', path, table, signal, 'text/csv'),
  put: <T>(path: string, body: unknown) => json<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown) => json<T>('PATCH', path, body),
  delete: <T = void>(path: string) => json<T>('DELETE', path),

  /** All pages of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
      const page: { items: T[]; next: string | null } = await json('GET', path + query);
      items.push(...page.items);
      cursor = page.next;
    } while (cursor);
    return items;
  },
};
