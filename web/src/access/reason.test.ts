import { expect, test } from 'vitest';
import { takesWords } from './reason';

test('a case and a named routine are no words of one’s own', () => {
  expect(takesWords({ case: 'VV-2026-0042' })).toBe(false);
  expect(takesWords({ reason: 'training' })).toBe(false);
  expect(takesWords({ reason: 'mất xe ở chợ' })).toBe(true);
});
