import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Me } from '../api/types';
import { Grants } from './grants';
import { reasonText } from './reason';

const NOW = Date.parse('2026-11-29T03:00:00Z');
const HOUR = 3_600_000;
const me = (id: string, after = 900) => ({ id, site: { reason_after_s: after } }) as Me;

/** What the server was asked, and a store that outlives the page. */
let asked: Record<string, unknown>[] = [];
let kept: Record<string, string> = {};
const store = { getItem: (key: string) => kept[key] ?? null, setItem: (key: string, value: string) => void (kept[key] = value) };
const page = (account = 'lan', after = 900) => {
  const grants = new Grants(store, () => NOW);
  grants.enter(me(account, after));
  return grants;
};

beforeEach(() => {
  asked = [];
  kept = {};
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    asked.push(JSON.parse(init.body as string) as Record<string, unknown>);
    return Promise.resolve(Response.json({ grant: `g${asked.length}`, expires: new Date(NOW + 8 * HOUR).toISOString() }, { status: 201 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

test('footage needs a reason once it is older than the site wants, and never where it wants none', () => {
  expect(page().needs(NOW - 901_000)).toBe(true);
  expect(page().needs(NOW - 899_000)).toBe(false);
  expect(page('lan', 0).needs(0)).toBe(false);
});

test('what was told opens its cameras and span, and goes with their addresses', async () => {
  const grants = page();
  const span = { from: NOW - 30 * HOUR, to: NOW - 6 * HOUR };
  await grants.tell(['a', 'b'], span, { case: '14' });
  expect(asked[0]).toEqual({ cameras: ['a', 'b'], from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString(), case: '14' });
  expect(grants.opens('b', span.from, span.to)).toBe(true);
  expect(grants.opens('c', span.from, span.to)).toBe(false);
  expect(grants.opens('a', span.from - 1, span.to)).toBe(false);
  expect(grants.opens('a', span.from, span.to + 1)).toBe(false);
  expect(grants.url('a', 'clip.mp4', span, { x: 1 })).toBe('/api/v1/cameras/a/clip.mp4?x=1&grant=g1');
  expect(grants.url('c', 'clip.mp4', span, { x: 1 })).toBe('/api/v1/cameras/c/clip.mp4?x=1');
});

test('a span that reaches into the present is opened by a grant for its older part', async () => {
  const grants = page();
  await grants.tell(['a'], { from: NOW - HOUR, to: NOW - 800_000 }, { reason: 'training' });
  expect(grants.opens('a', NOW - HOUR, NOW)).toBe(true);
});

test('what is young is looked at without a reason, and taken out with one that covers all of it', async () => {
  const grants = page();
  const span = { from: NOW - 60_000, to: NOW };
  expect(grants.opens('a', span.from, span.to)).toBe(true);
  expect(grants.taking('a', span.from, span.to)).toBe(undefined);
  await grants.tell(['a'], { from: NOW - HOUR, to: NOW - 30_000 }, { reason: 'training' });
  expect(grants.taking('a', span.from, span.to)).toBe(undefined);
  await grants.tell(['a'], span, { reason: 'training' });
  expect(grants.taking('a', span.from, span.to)).toBe('g2');
  grants.drop('a', span.from, span.to, 'g2');
  expect(grants.taking('a', span.from, span.to)).toBe(undefined);
  expect(grants.of('a', NOW - HOUR, NOW - 40_000)).toBe('g1');
});

test('a reload of the page keeps grants and the last reason; another person has neither', async () => {
  const span = { from: NOW - 2 * HOUR, to: NOW - HOUR };
  await page().tell(['a'], span, { case: '14' });
  expect(page().opens('a', span.from, span.to)).toBe(true);
  expect(page().last).toEqual({ case: '14' });
  expect(page('minh').opens('a', span.from, span.to)).toBe(false);
  expect(page('minh').last).toBe(null);
});

test('of a span that is opened in parts, those are told in order, and what is young is open', async () => {
  const grants = page();
  await grants.tell(['a'], { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR }, { case: '14' });
  await grants.tell(['a'], { from: NOW - 9 * HOUR, to: NOW - 6 * HOUR }, { case: '14' });
  expect(grants.parts('a', NOW - 24 * HOUR, NOW)).toEqual([
    { from: NOW - 10 * HOUR, to: NOW - 8 * HOUR, grant: 'g1' },
    { from: NOW - 8 * HOUR, to: NOW - 6 * HOUR, grant: 'g2' },
    { from: NOW - 895_000, to: NOW },
  ]);
  expect(grants.parts('b', NOW - 24 * HOUR, NOW - HOUR)).toEqual([]);
  expect(page('lan', 0).parts('b', 0, NOW)).toEqual([{ from: 0, to: NOW }]);
});

test('an old picture of an event is asked for once a reason was told', async () => {
  const grants = page();
  const at = new Date(NOW - 2 * HOUR).toISOString();
  expect(grants.eventPicture('e', 'a', at)).toBe('');
  await grants.tell(['a'], { from: NOW - 3 * HOUR, to: NOW - HOUR }, { case: '14' });
  expect(grants.eventPicture('e', 'a', at)).toBe('/api/v1/events/e/picture.jpg?grant=g1');
  expect(grants.eventPicture('e', 'a', new Date(NOW).toISOString())).toBe('/api/v1/events/e/picture.jpg');
});

test('a grant that the server does not know any more is asked anew', async () => {
  const grants = page();
  const span = { from: NOW - 2 * HOUR, to: NOW - HOUR };
  await grants.tell(['a'], span, { case: '14' });
  grants.drop('a', span.from, span.to);
  expect(grants.opens('a', span.from, span.to)).toBe(false);
});

test('reasons of the audit log are told in words', () => {
  expect(reasonText('case 2026/14')).toBe('Vụ việc 2026/14');
  expect(reasonText('routine-check')).toBe('Kiểm tra thường lệ');
  expect(reasonText('mất xe ở chợ')).toBe('mất xe ở chợ');
});
