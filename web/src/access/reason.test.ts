import { expect, test } from 'vitest';
import { markWhy, reasonText, takesWords, whatText } from './reason';

test('a case and a named routine are no words of one’s own', () => {
  expect(takesWords({ case: 'VV-2026-0042' })).toBe(false);
  expect(takesWords({ reason: 'training' })).toBe(false);
  expect(takesWords({ reason: 'mất xe ở chợ' })).toBe(true);
});

test('over pictures stands a case’s number or a routine’s name, nobody’s own words', () => {
  expect(markWhy({ case: 'VV-2026-0042' })).toBe('VV-2026-0042');
  expect(markWhy({ reason: 'training' })).toBe('Tập huấn');
  expect(markWhy({ reason: 'mất xe của bà Lan' })).toBe('');
});

test('the log’s reasons are said in words, and that somebody saw without masks', () => {
  expect(reasonText('case VV-2026-0042')).toBe('Vụ việc VV-2026-0042');
  const lifting = 'unmasked 0b0c0d0e-0000-4000-8000-000000000000';
  expect(reasonText(lifting)).toBe('Xem không che');
  expect(reasonText(`${lifting}; case VV-2026-0042`)).toBe('Xem không che · Vụ việc VV-2026-0042');
});

test('what a reason is asked for names the day, or the first and the last of many', () => {
  const noon = Date.parse('2026-11-28T05:00:00Z');
  expect(whatText('Cổng chợ', 1, { from: noon - 3_600_000, to: noon }, 'Asia/Ho_Chi_Minh')).toBe('Cổng chợ · 28/11');
  expect(whatText('Cổng chợ', 3, { from: noon - 20 * 86_400_000, to: noon }, 'Asia/Ho_Chi_Minh')).toBe('Cổng chợ +2 · 08/11 – 28/11');
});
