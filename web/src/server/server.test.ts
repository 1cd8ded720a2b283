import { expect, test } from 'vitest';
import { dayInWords, inFours, percent } from './server';

test('a day is told in the words of the language, whatever the zone of the phone', () => {
  expect(dayInWords('2026-11-29', 'vi')).toMatch(/Chủ Nhật.*29\/11\/2026/i);
  expect(dayInWords('2026-11-29', 'en')).toMatch(/Sunday.*29/);
});

test('digits stand in groups of four', () => {
  expect(inFours('0123456789ab')).toBe('0123 4567 89ab');
  expect(inFours('0123')).toBe('0123');
});

test('a part of nothing is nothing', () => {
  expect(percent(1, 0)).toBe(0);
  expect(percent(1, 3)).toBe(33);
});
