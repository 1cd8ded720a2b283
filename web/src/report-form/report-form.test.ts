import { expect, test, vi } from 'vitest';
import { bodyOf, dropDraft, emptyDraft, keepDraft, keptDraft, makeKey, missingPlace, missingWords } from './draft';
import { followedOf, hashOf } from './link';
import { faultOf, fitted, prepared } from './pictures';
import { Refused, Sending, type Ask } from './send';

const ZONE = 'Asia/Ho_Chi_Minh';
const NOW = Date.parse('2026-11-29T09:30:00+07:00');

function told() {
  return { ...emptyDraft('k'), kind: 'fight' as const, word: 'just-now' as const, location: 'l1', text: ' Hai người đánh nhau ' };
}

test('a key is a random UUID, and made without what old browsers lack', () => {
  expect(makeKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(makeKey()).not.toBe(makeKey());
});

test('when, where and some words are needed; who tells it is not', () => {
  expect(missingPlace({ ...told(), word: '' }, NOW, ZONE)).toBe('when');
  expect(missingPlace({ ...told(), location: '' }, NOW, ZONE)).toBe('where');
  expect(missingPlace({ ...told(), location: '', where: ' cạnh cây đa ' }, NOW, ZONE)).toBe('');
  expect(missingPlace({ ...told(), word: 'exact', date: '2026-12-01', fromTime: '09:00', toTime: '10:00' }, NOW, ZONE)).toBe('when-future');
  expect(missingWords({ ...told(), text: '  ' })).toBe('text');
  expect(missingWords(told())).toBe('');
});

test('only what was told is sent: no empty name, no empty place', () => {
  const body = bodyOf({ ...told(), phone: '0900 000 000' }, NOW, ZONE);
  expect(body).toEqual({
    key: 'k',
    kind: 'fight',
    from: new Date(NOW - 15 * 60_000).toISOString(),
    to: new Date(NOW).toISOString(),
    span_words: 'just-now',
    text: 'Hai người đánh nhau',
    location: 'l1',
    reporter: { phone: '0900 000 000' },
  });
  expect(bodyOf(told(), NOW, ZONE)).not.toHaveProperty('reporter');
});

test('what is typed survives a reload, and is gone once it is sent', () => {
  const kept = new Map<string, string>();
  const store = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => void kept.set(name, value), removeItem: (name: string) => void kept.delete(name) };
  keepDraft(told(), store);
  expect(keptDraft(store)).toEqual(told());
  dropDraft(store);
  expect(keptDraft(store)).toBeNull();
  kept.set('vonglau.report', '{"broken');
  expect(keptDraft(store)).toBeNull();
});

test('number and secret stand in the link, and nothing else is taken for them', () => {
  const one = { number: '2026-000123', secret: 'abcdefghijklmnopqrstuv' };
  expect(followedOf(hashOf(one))).toEqual(one);
  for (const bad of ['', '#s=2026-000123', '#s=../x.abcdefghijklmnopqrstuv', '#s=2026-000123.short', '#s=2026-000123.abcdefghijklmnopqrstuv/../..']) expect(followedOf(bad)).toBeNull();
});

const file = (type: string, size: number) => ({ type, size }) as Blob;

test('five pictures and one short film are taken, other files are not', () => {
  const picture = file('image/jpeg', 9e6);
  expect(faultOf(picture, [])).toBe('');
  expect(faultOf(picture, Array(5).fill(picture))).toBe('many');
  expect(faultOf(file('video/mp4', 1e6), Array(5).fill(picture))).toBe('');
  expect(faultOf(file('video/mp4', 1e6), [file('video/webm', 1)])).toBe('films');
  expect(faultOf(file('video/mp4', 65 << 20), [])).toBe('large');
  expect(faultOf(file('video/x-matroska', 1), [])).toBe('type');
  expect(faultOf(file('application/pdf', 1), [])).toBe('type');
});

test('a picture is made no larger and keeps its shape', async () => {
  expect(fitted(4000, 3000)).toEqual({ width: 2048, height: 1536 });
  expect(fitted(600, 800)).toEqual({ width: 600, height: 800 });
  expect(fitted(0, 0)).toEqual({ width: 1, height: 1 });
  const film = file('video/mp4', 5);
  expect(await prepared(film)).toBe(film);
});

/** A server that answers by turns: false fails. */
function server(...turns: boolean[]) {
  const asked: Ask[] = [];
  const line = (one: Ask) => {
    asked.push(one);
    if (!turns[asked.length - 1]) return Promise.reject(new Refused(0, 0));
    return Promise.resolve(one.path === '/public/reports' ? { number: '2026-000001', secret: 's'.repeat(22) } : {});
  };
  return { asked, line };
}

test('a report whose picture fails is not told twice: only what is missing is sent again', async () => {
  const { asked, line } = server(true, true, false, true);
  const sending = new Sending({ key: 'k' }, [file('image/jpeg', 10), file('image/png', 30)], line);
  await expect(sending.go(() => {})).rejects.toThrow(Refused);
  expect(sending.followed?.number).toBe('2026-000001');
  expect(sending.whole).toBe(false);
  await sending.go(() => {});
  expect(sending.whole).toBe(true);
  expect(asked.map(({ path }) => path)).toEqual(['/public/reports', ...Array(3).fill('/public/reports/2026-000001/attachments')]);
  expect(asked.map(({ body }) => (body as Blob).type)).toEqual([undefined, 'image/jpeg', 'image/png', 'image/png']);
  expect(asked[3]!.headers).toEqual({ 'Content-Type': 'image/png', 'X-Report-Secret': 's'.repeat(22) });
});

test('a report that did not get through goes again by the same key', async () => {
  const { asked, line } = server(false, true);
  const sending = new Sending({ key: 'k' }, [], line);
  await expect(sending.go(() => {})).rejects.toThrow(Refused);
  await sending.go(() => {});
  expect(asked.map(({ body }) => body)).toEqual(['{"key":"k"}', '{"key":"k"}']);
});

test('a report whose answer was lost more than an hour ago is told anew, rather than never followed', async () => {
  const keys: string[] = [];
  const line = ({ body }: Ask) => {
    keys.push(JSON.parse(body as string).key);
    return keys.length === 1 ? Promise.reject(new Refused(409, 0)) : Promise.resolve({ number: 'n', secret: 's' });
  };
  const sending = new Sending({ key: 'k', text: 'x' }, [], line);
  expect((await sending.go(() => {})).number).toBe('n');
  expect(keys[0]).toBe('k');
  expect(keys[1]).toMatch(/^[0-9a-f-]{36}$/);
});

test('progress counts the bytes of all pictures, and one that is left out is not waited for', async () => {
  const shares: number[] = [];
  const line = ({ path, progress }: Ask) => {
    progress(0.5);
    return Promise.resolve(path === '/public/reports' ? { number: 'n', secret: 's' } : {});
  };
  const sending = new Sending({}, [file('image/jpeg', 10), file('image/jpeg', 30)], line);
  await sending.go((share) => shares.push(share));
  expect(shares).toEqual([0.125, 0.625]);
  const { line: broken } = server(true, false);
  const one = new Sending({}, [file('image/jpeg', 10)], broken);
  await expect(one.go(() => {})).rejects.toThrow(Refused);
  one.skip();
  expect(one.whole).toBe(true);
});

test('a picture that a phone never gets done with is given up, and the report can be sent', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('Image', class {});
  const ready = prepared(new Blob(['x'], { type: 'image/jpeg' }));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await ready).toBeNull();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
