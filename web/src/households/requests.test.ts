import { expect, test } from 'vitest';
import { caseOf, windowFault, windowOf } from './requests';

const zone = 'Asia/Ho_Chi_Minh';
const now = Date.parse('2026-11-29T12:00:00Z');

test('a window over midnight ends on the next day', () => {
  const { from, to } = windowOf('2026-11-28', '22:00', '01:30', zone);
  expect(new Date(from).toISOString()).toBe('2026-11-28T15:00:00.000Z');
  expect(to - from).toBe(3.5 * 3_600_000);
});

test('a window without a time, of more than twelve hours, or to come is told', () => {
  expect(windowFault(windowOf('2026-11-28', '', '01:30', zone), now)).toBe('none');
  expect(windowFault(windowOf('2026-11-28', '06:00', '18:30', zone), now)).toBe('long');
  expect(windowFault(windowOf('2026-11-30', '06:00', '07:00', zone), now)).toBe('future');
  expect(windowFault(windowOf('2026-11-29', '06:00', '18:00', zone), now)).toBe('');
});

test('the case of a report is found by its number', () => {
  const one = { number: 'VV-2026-0001', kind: 'theft' as const, reports: ['2026-000012'] };
  const other = { number: 'VV-2026-0002', kind: 'theft' as const, reports: [{ id: 'x', number: '2026-000001' }] };
  expect(caseOf('2026-000001', [one, other])).toBe(other);
  expect(caseOf('2026-00001', [one, other])).toBeUndefined();
});
