import { expect, test } from 'vitest';
import { shortDayText, clockText, dateField, dayStart, dayText, fileStamp, hoursOfDay, momentOf, momentOfFields, timeField, wallOf, weekdayText } from './zone';

const VN = 'Asia/Ho_Chi_Minh';
const at = (text: string) => Date.parse(text);

test('the wall clock of Vietnam is seven hours ahead of UTC', () => {
  expect(wallOf(at('2026-11-24T17:30:05Z'), VN)).toEqual({
    year: 2026, month: 11, day: 25, hour: 0, minute: 30, second: 5,
  });
});

test('a wall time is turned back into its moment', () => {
  const ms = at('2026-11-24T14:04:09Z');
  expect(momentOf(wallOf(ms, VN), VN)).toBe(ms);
  expect(momentOfFields(dateField(ms, VN), timeField(ms, VN), VN)).toBe(ms);
});

test('the hour that summer time repeats means the first of the two', () => {
  const wall = { year: 2026, month: 10, day: 25, hour: 2, minute: 30, second: 0 };
  expect(momentOf(wall, 'Europe/Berlin')).toBe(at('2026-10-25T00:30:00Z'));
});

test('a day of the site begins at its own midnight', () => {
  const ms = at('2026-11-24T16:59:59Z');
  expect(dayStart(ms, VN)).toBe(at('2026-11-23T17:00:00Z'));
  expect(dayStart(ms, VN, 1)).toBe(at('2026-11-24T17:00:00Z'));
  expect(dayStart(ms, VN, -30)).toBe(at('2026-10-24T17:00:00Z'));
});

test('a day with a change of the clocks has 23 or 25 hours', () => {
  const start = dayStart(at('2026-10-25T12:00:00Z'), 'Europe/Berlin');
  expect(dayStart(start, 'Europe/Berlin', 1) - start).toBe(25 * 3_600_000);
});

test('the hours of a day are told by its own clock', () => {
  const hours = hoursOfDay(dayStart(at('2026-11-24T12:00:00Z'), VN), VN);
  expect(hours).toHaveLength(24);
  expect(hours[21]).toEqual({ from: at('2026-11-24T14:00:00Z'), to: at('2026-11-24T15:00:00Z'), text: '21:00' });
  const long = hoursOfDay(dayStart(at('2026-10-25T12:00:00Z'), 'Europe/Berlin'), 'Europe/Berlin');
  expect(long.map(({ text }) => text).slice(0, 5)).toEqual(['00:00', '01:00', '02:00', '02:00', '03:00']);
  expect(long).toHaveLength(25);
});

test('half-filled fields name no moment', () => {
  expect(momentOfFields('', '21:00', VN)).toBeNaN();
  expect(momentOfFields('2026-11-24', '', VN)).toBeNaN();
});

test('times are written for eyes and for file names', () => {
  const ms = at('2026-11-24T14:04:09.250Z');
  expect(clockText(ms, VN, 'minute')).toBe('21:04');
  expect(clockText(ms, VN, 'millisecond')).toBe('21:04:09.250');
  expect(dayText(ms, VN, 'vi')).toMatch(/24\/11\/2026/);
  expect(dayText(ms, VN, 'en')).toMatch(/24 Nov 2026/);
  expect(shortDayText(ms, VN, 'vi')).toBe('24/11');
  expect(shortDayText(ms, VN, 'en')).toBe('24 Nov');
  expect(weekdayText(ms, VN, 'en')).toBe('Tue');
  expect(weekdayText(ms, VN, 'vi')).toBe('T3');
  expect(fileStamp(ms, VN)).toBe('20261124-210409');
});
