import { expect, test } from 'vitest';
import { clockIsOff, clockOffText, dueText, isLate, moneyOf, moneyText, monthText, percentText, roomIsShort, uptime } from './care';

test('a month is whole only without any gap', () => {
  expect(percentText(uptime({ recorded_s: 86_400, missing_s: 0 }))).toBe('100 %');
  expect(percentText(uptime({ recorded_s: 2_591_999, missing_s: 1 }))).toBe('99,9 %');
  expect(percentText(uptime({ recorded_s: 0, missing_s: 60 }))).toBe('0 %');
  expect(percentText(uptime({ recorded_s: 0, missing_s: 0 }))).toBe('–');
});

test('money is read as people type it', () => {
  expect(moneyOf('350.000')).toBe(350_000);
  expect(moneyOf('1 200 000 ₫')).toBe(1_200_000);
  expect(moneyOf('')).toBeNull();
  expect(moneyOf('về sau')).toBeNaN();
  expect(moneyOf('-5')).toBeNaN();
  expect(moneyText(350_000)).toBe('350.000 ₫');
});

test('a ticket is late on the day after it was due, unless it is settled', () => {
  expect(isLate({ state: 'open', due: '2026-11-24' }, '2026-11-24')).toBe(false);
  expect(isLate({ state: 'ordered', due: '2026-11-24' }, '2026-11-25')).toBe(true);
  expect(isLate({ state: 'done', due: '2026-11-24' }, '2026-11-25')).toBe(false);
  expect(isLate({ state: 'open', due: '' }, '2026-11-25')).toBe(false);
});

test('months and days are written as in Vietnam', () => {
  expect(monthText('2026-11')).toBe('11/2026');
  expect(dueText('2026-12-01')).toBe('01/12/2026');
});

test('a clock is called off from two seconds on, either way, and never when it is not known', () => {
  const clock = (clock_offset_ms: number | null, clock_by_ntp = false) => ({ clock_offset_ms, clock_by_ntp });
  expect([null, 0, 2_000, -2_000].map((ms) => clockIsOff(clock(ms)))).toEqual([false, false, false, false]);
  expect([2_001, -3_000].map((ms) => clockIsOff(clock(ms)))).toEqual([true, true]);
  expect(clockOffText(clock(75_000))).toContain('nhanh 1 phút 15 giây');
  expect(clockOffText(clock(-3_000))).toContain('chậm 3 giây');
  expect(clockOffText(clock(0, true))).not.toBe(clockOffText(clock(0)));
  expect(clockOffText(clock(null))).toContain('Chưa biết');
});

test('room is short when the disks are full before the rule deletes', () => {
  expect(roomIsShort({ room_days: 12, rule_days: 30 })).toBe(true);
  expect(roomIsShort({ room_days: 30, rule_days: 30 })).toBe(false);
  expect(roomIsShort({ room_days: null, rule_days: 30 })).toBe(false);
});
