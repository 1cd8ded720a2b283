import { expect, test, vi } from 'vitest';
import { hashWords, momentText, Once, REST_MS, secretOf, sizeText, troubleOf } from './handover';

test('a link is taken as it was made, and nothing else', () => {
  expect(secretOf('#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')).toHaveLength(32);
  for (const wrong of ['', '#', '#short', '#AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/', '#s=2026-000001.AAAAAAAAAAAAAAAAAAAAAA']) expect(secretOf(wrong)).toBe('');
});

test('a check sum is read out in fours, sizes and times as people write them', () => {
  expect(hashWords('0123456789ab')).toBe('0123 4567 89ab');
  expect(sizeText(1_234_567, 'vi')).toBe('1,2 MB');
  expect(sizeText(2_500_000_000, 'en')).toBe('2.3 GB');
  expect(momentText('2026-11-24T14:00:05.000Z', 'Asia/Ho_Chi_Minh', 'en')).toBe('24/11/2026, 21:00:05');
});

test('what was never and what is over look alike', () => {
  expect([404, 400, 429, 503, 0].map(troubleOf)).toEqual(['over', 'over', 'often', 'line', 'line']);
});

test('who taps twice, because nothing seems to happen, uses one download', async () => {
  vi.useFakeTimers();
  let downloads = 0;
  let answer = (_: boolean) => {};
  const shown: boolean[] = [];
  const download = new Once(
    () => {
      downloads += 1;
      return new Promise<boolean>((resolve) => (answer = resolve));
    },
    () => shown.push(download.taken),
  );
  const first = download.run();
  void download.run();
  answer(true);
  await first;
  void download.run(); // the second tap of two, behind a fast answer
  expect(downloads).toBe(1);
  vi.advanceTimersByTime(REST_MS);
  expect(shown.at(-1)).toBe(false);
  void download.run();
  expect(downloads).toBe(2);
  vi.useRealTimers();
});

test('a download that did not begin can be tried again at once', async () => {
  const download = new Once(() => Promise.resolve(false), () => {});
  await download.run();
  expect(download.taken).toBe(false);
});
