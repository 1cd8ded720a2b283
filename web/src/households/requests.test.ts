import { expect, test } from 'vitest';
import { around, caseOf, endOfDays, oneLine, windowFault, windowOf } from './requests';

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
  const one = { id: 'a', number: 'VV-2026-0001', kind: 'theft' as const, reports: ['2026-000012'] };
  const other = { id: 'b', number: 'VV-2026-0002', kind: 'theft' as const, reports: [{ id: 'x', number: '2026-000001' }] };
  expect(caseOf('2026-000001', [one, other])).toBe(other);
  expect(caseOf('2026-00001', [one, other])).toBeUndefined();
});

test('the form begins with the day and the times of the case, over midnight, too', () => {
  const at = Date.parse('2026-11-28T17:05:00Z'); // 00:05 in the commune
  expect(around(at, at)).toEqual({ from: at - 900_000, to: at + 900_000 });
  expect(around(at, at + 3_600_000).to).toBe(at + 4_500_000);
  expect(windowFault(around(at, at + 86_400_000), now)).toBe('');
  expect(windowFault(around(at - 70 * 86_400_000, at), now)).toBe('old');
});

test('what is looked for is one line', () => {
  expect(oneLine(' xe đỏ\n  về phía cầu ')).toBe('xe đỏ về phía cầu');
});

test('what is sent again after a lost answer ends at the same moment, though time goes on', () => {
  let clock = now;
  const until = endOfDays(() => clock);
  const first = until(2);
  clock += 90_000;
  expect(until(2)).toBe(first);
  expect(Date.parse(first)).toBe(now + 2 * 86_400_000);
  expect(Date.parse(until(7))).toBe(now + 90_000 + 7 * 86_400_000);
});
