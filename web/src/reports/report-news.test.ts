import { expect, test } from 'vitest';
import { ReportNewsList, type ReportNews } from './report-news.svelte';

const fight: ReportNews = { id: 'r', number: '2026-000007', kind: 'fight', location: null, state: 'new' };

test('a report that came while nobody could hear is told once the line is back, and once only', () => {
  const news = new ReportNewsList();
  expect(news.standing(fight)).toBe(true);
  expect(news.waiting).toEqual([fight]);
  news.dismiss();
  expect(news.standing(fight)).toBe(false);
  expect(news.waiting).toEqual([]);
});

test('what was told as it came is not told again at the next connection', () => {
  const news = new ReportNewsList();
  news.take(fight);
  news.seen('r');
  expect(news.standing(fight)).toBe(false);
  expect(news.waiting).toEqual([]);
  news.own('mine');
  expect(news.standing({ ...fight, id: 'mine' })).toBe(false);
});

test('one that was taken, and waits again, is told again', () => {
  const news = new ReportNewsList();
  news.take(fight);
  news.take({ ...fight, state: 'taken' });
  expect(news.standing(fight)).toBe(true);
});

test('whoever signs in next on the same phone is told of what stands', () => {
  const news = new ReportNewsList();
  news.take(fight);
  news.own('mine');
  news.forget();
  expect(news.waiting).toEqual([]);
  expect([news.standing(fight), news.standing({ ...fight, id: 'mine' })]).toEqual([true, true]);
});
