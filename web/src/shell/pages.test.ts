import { expect, test, vi } from 'vitest';
import { Pages, type Page } from './pages.svelte';

interface Row {
  id: string;
  state: string;
}
const row = (id: string, state = 'new'): Row => ({ id, state });

/** A server whose answers are given by hand, one for each question. */
function server() {
  const asked: { cursor: string; signal: AbortSignal; answer: (page: Page<Row>) => void; fail: (error: unknown) => void }[] = [];
  const list = new Pages<Row>((cursor, signal) => new Promise((answer, fail) => asked.push({ cursor, signal, answer, fail })));
  const seen = () => list.items.map(({ id, state }) => `${id} ${state}`);
  return { asked, list, seen };
}

test('what follows is asked for where the page ended; what comes again brings its new state and stands once', async () => {
  const { asked, list, seen } = server();
  const first = list.load();
  expect([list.busy, list.loaded]).toEqual([true, false]);
  asked[0]!.answer({ items: [row('1'), row('2')], next: 'after 2' });
  await first;
  expect([list.busy, list.loaded, list.next]).toEqual([false, true, 'after 2']);
  const second = list.more();
  expect(asked[1]!.cursor).toBe('after 2');
  asked[1]!.answer({ items: [row('2', 'taken'), row('3')], next: null });
  await second;
  expect([seen(), list.next]).toEqual([['1 new', '2 taken', '3 new'], null]);
  const anew = list.load();
  asked[2]!.answer({ items: [row('3')], next: null });
  await anew;
  expect(seen()).toEqual(['3 new']);
});

test('who asks anew does not get the older answer, however late it comes', async () => {
  const { asked, list, seen } = server();
  const old = list.load();
  const fresh = list.load();
  expect(asked[0]!.signal.aborted).toBe(true);
  asked[1]!.answer({ items: [row('2')], next: null });
  await fresh;
  asked[0]!.answer({ items: [row('1')], next: null });
  await old;
  expect([seen(), list.busy]).toEqual([['2 new'], false]);
});

test('a failure leaves what is shown, and is over with the next answer', async () => {
  const { asked, list, seen } = server();
  const first = list.load();
  asked[0]!.answer({ items: [row('1')], next: null });
  await first;
  const second = list.load();
  asked[1]!.fail(new Error('no line'));
  await second;
  expect([seen(), list.trouble !== '', list.busy]).toEqual([['1 new'], true, false]);
  const third = list.load();
  asked[2]!.answer({ items: [], next: null });
  await third;
  expect([seen(), list.trouble]).toEqual([[], '']);
});

test('who has read on is not thrown back, and for nobody nothing is asked', async () => {
  const { asked, list } = server();
  const page = { hidden: true };
  vi.stubGlobal('document', page);
  list.refresh(1);
  expect(asked.length).toBe(0);
  page.hidden = false;
  list.refresh(1);
  expect(asked.length).toBe(1);
  asked[0]!.answer({ items: [row('1'), row('2')], next: null });
  await vi.waitFor(() => expect(list.items.length).toBe(2));
  list.refresh(1);
  expect(asked.length).toBe(1);
  vi.unstubAllGlobals();
});

const rows = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => row(String(from - i)));

test('what lies behind the first hundred is read until what is looked for is there, or to the end', async () => {
  const pages: Record<string, Page<Row>> = { '': { items: rows(250, 151), next: '151' }, 151: { items: rows(150, 51), next: '51' }, 51: { items: rows(50, 1), next: null } };
  const asked: string[] = [];
  const list = new Pages<Row>((cursor) => (asked.push(cursor), Promise.resolve(pages[cursor]!)));
  const has = (id: string) => list.loadUntil((items) => items.some((one) => one.id === id));
  await has('60');
  expect([asked, list.items.length, list.next]).toEqual([['', '151'], 200, '51']);
  await has('251');
  expect([list.items.length, list.next]).toEqual([250, null]);
});

test('a search that fails half way says so, and ends', async () => {
  const { asked, list } = server();
  const looked = list.loadUntil(() => false);
  asked[0]!.answer({ items: [row('1')], next: 'after 1' });
  await vi.waitFor(() => expect(asked.length).toBe(2));
  asked[1]!.fail(new Error('no line'));
  await looked;
  expect([list.items.length, list.trouble !== '', asked.length]).toEqual([1, true, 2]);
});

test('a look from time to time waits for what is under way, and what failed is what is tried again', async () => {
  const { asked, list, seen } = server();
  vi.stubGlobal('document', { hidden: false });
  const first = list.load();
  list.refresh(9);
  expect(asked.length).toBe(1);
  asked[0]!.answer({ items: [row('1')], next: 'after 1' });
  await first;
  const more = list.more();
  list.refresh(9);
  expect(asked.map(({ cursor }) => cursor)).toEqual(['', 'after 1']);
  asked[1]!.fail(new Error('no line'));
  await more;
  const again = list.retry();
  expect(asked[2]!.cursor).toBe('after 1');
  asked[2]!.answer({ items: [row('2')], next: null });
  await again;
  expect([seen(), list.trouble]).toEqual([['1 new', '2 new'], '']);
  vi.unstubAllGlobals();
});

test('an empty list says that it comes when it is asked for anew, not at each look from time to time', async () => {
  const { asked, list } = server();
  vi.stubGlobal('document', { hidden: false });
  const first = list.load();
  asked[0]!.answer({ items: [], next: null });
  await first;
  list.refresh(9);
  expect([list.busy, list.loaded]).toEqual([true, true]);
  const other = list.load();
  expect(list.loaded).toBe(false);
  asked[2]!.answer({ items: [], next: null });
  await other;
  expect(list.loaded).toBe(true);
  vi.unstubAllGlobals();
});
