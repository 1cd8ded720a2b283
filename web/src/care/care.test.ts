import { expect, test } from 'vitest';
import { dueText, isLate, moneyOf, moneyText, monthText, percentText, uptime } from './care';

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
