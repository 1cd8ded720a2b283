import { expect, test } from 'vitest';
import { PackageNewsList, type PackageNews } from './package-news.svelte';

const asked: PackageNews = { id: 'p', number: 'CC-2026-0007', state: 'asked', waits: true, asked_by: 'officer' };

test('a package that waits is told once, until it was decided or looked at', () => {
  const news = new PackageNewsList();
  news.take(asked);
  news.take(asked);
  expect(news.waiting).toHaveLength(1);
  expect(news.count).toBe(2);
  news.take({ ...asked, state: 'waiting', waits: false });
  expect(news.waiting).toEqual([]);
  news.take({ ...asked, id: 'q' });
  news.seen('q');
  news.take({ ...asked, id: 'q' });
  expect(news.waiting).toEqual([]);
});
