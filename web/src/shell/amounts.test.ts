import { afterEach, expect, test } from 'vitest';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { bytesText, durationText, numberText } from './amounts';

afterEach(() => {
  texts.language = 'vi';
});

test('numbers are written as the language writes them', () => {
  expect(numberText(14.83, 1)).toBe('14,8');
  expect(durationText(6_150)).toBe('6,2 giây');
  expect(durationText(6_000)).toBe('6 giây');
  expect(durationText(9_970)).toBe('10 giây');
  expect(bytesText(1_572_864)).toBe('1,5 MB');
  texts.language = 'en';
  expect(numberText(14.83, 1)).toBe('14.8');
  expect(durationText(6_150)).toBe('6.2 s');
});

test('lengths are told as roughly as they are long', () => {
  expect(durationText(42_400)).toBe('42 giây');
  expect(durationText(60_000)).toBe('1 phút');
  expect(durationText(754_000)).toBe('12 phút 34 giây');
  expect(durationText(3 * 3_600_000 + 60_000)).toBe('3 giờ 1 phút');
  expect(durationText(72 * 3_600_000)).toBe('3 ngày');
});
