import { expect, test } from 'vitest';
import { isWholeCode } from './code';

test('six digits are a whole code, however they are spaced', () => {
  expect(['123456', '123 456', ' 123456 '].map(isWholeCode)).toEqual([true, true, true]);
});

test('fewer, more, or letters are none', () => {
  expect(['', '12345', '1234567', '12a456', 'ABCD-EFGH'].map(isWholeCode)).toEqual([false, false, false, false, false]);
});
