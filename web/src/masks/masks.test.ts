import { expect, test } from 'vitest';
import { MaskNews } from './mask-news.svelte';
import { leftText, minutesOffered, standing, whyOf, type Lifting } from './masks';

const NOW = Date.UTC(2026, 10, 30, 3);
const one = (more: Partial<Lifting>): Lifting => ({ id: 'l', camera: 'c', state: 'waiting', by: { id: 'u', name: 'officer' }, mine: false, asked: new Date(NOW).toISOString(), reason: 'case VV-2026-0001', minutes: 15, until: null, ...more });

test('a lifting runs by the clock: what is left of it, and that it is over without being told', () => {
  const runs = one({ state: 'running', until: new Date(NOW + 90_500).toISOString() });
  expect(leftText(runs, NOW)).toBe('1:31');
  expect(standing(runs, NOW)).toBe('running');
  expect(standing(runs, NOW + 91_000)).toBe('ended');
  expect(leftText(runs, NOW + 91_000)).toBe('0:00');
});

test('somebody else decides what waits; what was put away is told again when more comes', () => {
  const news = new MaskNews();
  news.put(one({ id: 'own', mine: true }));
  expect(news.toDecide).toEqual([]);
  expect(news.asked('c')?.id).toBe('own');
  news.put(one({ id: 'theirs' }));
  expect(news.toDecide.map(({ id }) => id)).toEqual(['theirs']);
  news.dismiss();
  expect(news.toDecide).toEqual([]);
  news.put(one({ id: 'next' }));
  expect(news.toDecide.map(({ id }) => id)).toEqual(['next']);
});

test('only one’s own lifting uncovers what one sees, while it runs', () => {
  const news = new MaskNews();
  const until = new Date(NOW + 60_000).toISOString();
  news.put(one({ id: 'theirs', state: 'running', until }));
  expect(news.own('c', NOW)).toBeUndefined();
  news.put(one({ id: 'mine', mine: true, state: 'running', until }));
  expect(news.own('c', NOW)?.id).toBe('mine');
  expect(news.own('d', NOW)).toBeUndefined();
  expect(news.own('c', NOW + 60_000)).toBeUndefined();
});

test('why is said as everywhere', () => {
  expect(whyOf(one({}))).toBe('Vụ việc VV-2026-0001');
});

test('the minutes that the site is set to are offered among others', () => {
  expect(minutesOffered(15)).toEqual([5, 15, 30, 60]);
  expect(minutesOffered(45)).toEqual([5, 15, 30, 45, 60]);
});
