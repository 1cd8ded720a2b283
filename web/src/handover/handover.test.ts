import { expect, test } from 'vitest';
import { hashWords, momentText, secretOf, sizeText, troubleOf } from './handover';

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
