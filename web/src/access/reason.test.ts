import { expect, test } from 'vitest';
import { reasonText, takesWords } from './reason';

test('a case and a named routine are no words of one’s own', () => {
  expect(takesWords({ case: 'VV-2026-0042' })).toBe(false);
  expect(takesWords({ reason: 'training' })).toBe(false);
  expect(takesWords({ reason: 'mất xe ở chợ' })).toBe(true);
});

test('the log’s reasons are said in words, and that somebody saw without masks', () => {
  expect(reasonText('case VV-2026-0042')).toBe('Vụ việc VV-2026-0042');
  const lifting = 'unmasked 0b0c0d0e-0000-4000-8000-000000000000';
  expect(reasonText(lifting)).toBe('Xem không che');
  expect(reasonText(`${lifting}; case VV-2026-0042`)).toBe('Xem không che · Vụ việc VV-2026-0042');
});
