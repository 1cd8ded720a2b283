import { afterEach, expect, test, vi } from 'vitest';
import { pull, TooLarge } from './pull';

const FILM = new Uint8Array(1000).map((_, i) => i % 251);

/** A server of the film whose line breaks after so many bytes, each time it is asked. */
function line(breaks: (number | null)[], tag = '"a"') {
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    const range = new Headers(init.headers).get('Range');
    asked.push(range);
    const from = range ? Number(/\d+/.exec(range)![0]) : 0;
    const same = !range || new Headers(init.headers).get('If-Range') === tag;
    const cut = breaks.shift() ?? null;
    const part = FILM.slice(from, cut === null ? undefined : from + cut);
    const body = new ReadableStream({
      start(control) {
        control.enqueue(part);
        if (cut === null) control.close();
      },
      // what was sent is read before the line is seen to be broken
      pull(control) {
        if (cut !== null) control.error(new TypeError('network'));
      },
    });
    return new Response(body, { status: range && same ? 206 : 200, headers: { 'Content-Length': String(FILM.length - from), ETag: tag } });
  });
  return asked;
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function take(options: { most?: number } = {}) {
  const got: number[] = [];
  const seen: number[] = [];
  const signal = new AbortController().signal;
  await pull('/x', (piece) => void got.push(...piece), { signal, progress: ({ bytes }) => seen.push(bytes), wait: async () => {}, ...options });
  return { got, seen };
}

test('a download that breaks goes on where it stopped', async () => {
  const asked = line([400, 100, null]);
  const { got, seen } = await take();
  expect(got).toEqual([...FILM]);
  expect(asked).toEqual([null, 'bytes=400-', 'bytes=500-']);
  expect(seen.at(-1)).toBe(1000);
});

test('a line that hangs without closing is noticed after 15 s, and what is left comes over another', async () => {
  vi.useFakeTimers();
  const hungUp: boolean[] = [];
  const asked: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    const range = new Headers(init.headers).get('Range');
    asked.push(range);
    init.signal!.addEventListener('abort', () => hungUp.push(true));
    const from = range ? 400 : 0;
    const body = new ReadableStream({
      start(control) {
        control.enqueue(FILM.slice(from, range ? undefined : 400));
        if (range) control.close(); // else nothing more comes, and nobody says so
      },
    });
    return new Response(body, { status: range ? 206 : 200, headers: { 'Content-Length': String(1000 - from), ETag: '"a"' } });
  });
  const promise = take();
  await vi.advanceTimersByTimeAsync(14_900);
  expect(asked).toEqual([null]);
  await vi.advanceTimersByTimeAsync(200);
  expect((await promise).got).toEqual([...FILM]);
  expect(asked).toEqual([null, 'bytes=400-']);
  expect(hungUp).toEqual([true]);
});

test('a disk that is slow to take what came is no line that hangs', async () => {
  vi.useFakeTimers();
  const asked = line([null]);
  const promise = pull('/x', () => new Promise((resolve) => setTimeout(resolve, 60_000)), { signal: new AbortController().signal, progress: () => {} });
  await vi.advanceTimersByTimeAsync(61_000);
  await promise;
  expect(asked).toEqual([null]);
});

test('a line that never comes back is given up', async () => {
  const asked = line([400, 0, 0, 0, 0, 0, 0, 0]);
  await expect(take()).rejects.toMatchObject({ status: 0 });
  expect(asked).toHaveLength(6);
});

test('a film that is another one meanwhile is not put behind the first', async () => {
  const asked = line([400, null]);
  const promise = take();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  line([null], '"b"');
  await expect(promise).rejects.toMatchObject({ code: 'clip-changed' });
});

test('what is too large for memory is not begun', async () => {
  line([null]);
  await expect(take({ most: 999 })).rejects.toBeInstanceOf(TooLarge);
});
