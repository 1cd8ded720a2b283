import { expect, test } from 'vitest';
import { around, caseOf, chosenCase, endOfDays, NEW_CASE, oneLine, windowFault, windowOf } from './requests';

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

const one = { id: 'a', number: 'VV-2026-0001', kind: 'theft' as const, reports: ['2026-000012'] };
const other = { id: 'b', number: 'VV-2026-0002', kind: 'theft' as const, reports: [{ id: 'x', number: '2026-000001' }] };

test('the case of a report is found by its number', () => {
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

test('a case that was picked while more were still coming stays, whatever comes', () => {
  const fromReport = { wanted: '', report: '2026-000099' };
  expect(chosenCase('VV-2026-0001', fromReport, [one, other], true)).toBe('VV-2026-0001');
  expect(chosenCase('VV-2026-0001', { wanted: 'VV-2026-0002', report: '' }, [one, other], true)).toBe('VV-2026-0001');
});

test('a new case is opened from a report only once it is known to have none', () => {
  const fromReport = { wanted: '', report: '2026-000001' };
  expect(chosenCase('', fromReport, [one], false)).toBe('');
  expect(chosenCase('', fromReport, [one], true)).toBe(NEW_CASE);
  expect(chosenCase('', fromReport, [one, other], false)).toBe('VV-2026-0002');
  expect(chosenCase(NEW_CASE, fromReport, [one, other], true)).toBe('VV-2026-0002');
});

test('where nothing tells the case, nobody chooses for the officer', () => {
  expect(chosenCase('', { wanted: '', report: '' }, [one, other], true)).toBe('');
  expect(chosenCase('', { wanted: 'VV-2026-0009', report: '2026-000099' }, [one, other], true)).toBe('');
});

test('what is sent again after a lost answer ends at the same moment, though time goes on', () => {
  const told = {};
  const first = endOfDays(2, told, now);
  expect(endOfDays(2, told, now + 90_000)).toBe(first);
  expect(Date.parse(first)).toBe(now + 2 * 86_400_000);
  expect(Date.parse(endOfDays(7, told, now + 90_000))).toBe(now + 90_000 + 7 * 86_400_000);
});

test('a form that is taken up again the next day gives households all of their days', () => {
  const told = {};
  endOfDays(1, told, now);
  expect(Date.parse(endOfDays(1, told, now + 86_400_000))).toBe(now + 2 * 86_400_000);
});
