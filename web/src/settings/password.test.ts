import { expect, test } from 'vitest';
import { passwordFault } from './password';

test('a password has ten letters at least, marks counted once', () => {
  expect(passwordFault('mậtkhẩu12', 'mậtkhẩu12')).toBe('short');
  expect(passwordFault('mậtkhẩu123', 'mậtkhẩu123')).toBe('');
});

test('a slip in the second time is told', () => {
  expect(passwordFault('0123456789', '0123456788')).toBe('different');
});
