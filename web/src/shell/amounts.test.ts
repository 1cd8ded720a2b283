import { afterEach, expect, test } from 'vitest';
import { texts } from '../texts/texts.svelte';
import { bytesText, durationText } from './amounts';

afterEach(() => {
  texts.language = 'vi';
});

test('short times and sizes have the decimal sign of the language', () => {
  texts.language = 'vi';
  expect(durationText(6_150)).toBe('6,2 giây');
  expect(durationText(6_000)).toBe('6 giây');
  expect(durationText(9_970)).toBe('10 giây');
  expect(bytesText(1.5 * (1 << 20))).toBe('1,5 MB');
  texts.language = 'en';
  expect(durationText(6_150)).toBe('6.2 s');
  expect(bytesText(1.5 * (1 << 30))).toBe('1.50 GB');
});
