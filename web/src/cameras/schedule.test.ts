import { expect, test } from 'vitest';
import { readSchedule, rowsOf, textOf } from './schedule';

test('what the server takes is understood', () => {
  expect(readSchedule('')).toEqual({ kind: 'always' });
  expect(readSchedule(' Always ')).toEqual({ kind: 'always' });
  expect(readSchedule('event')).toEqual({ kind: 'event', seconds: 10 });
  expect(readSchedule('event 30s')).toEqual({ kind: 'event', seconds: 30 });
  expect(readSchedule('Mon-Fri 06:00-22:00; sat,sun 00:00-24:00')).toEqual({
    kind: 'hours',
    hours: [
      { days: [['mon', 'fri']], times: ['06:00-22:00'] },
      { days: [['sat', 'sat'], ['sun', 'sun']], times: ['00:00-24:00'] },
    ],
  });
  expect(readSchedule('daily 22:00-06:00,12:00-13:00;')).toEqual({
    kind: 'hours',
    hours: [{ days: [['mon', 'sun']], times: ['22:00-06:00', '12:00-13:00'] }],
  });
});

test('what the server refuses is refused', () => {
  for (const text of ['never', 'event 1s', 'event 31s', 'event 10', 'mon', 'mon 6:00-22:00', 'mon 06:00-06:00', 'mon 24:00-06:00', 'mon-fr 06:00-07:00', 'mon 06:00-24:01', 'mon 06:00-07:00 tue 06:00-07:00']) {
    expect(readSchedule(text), text).toBeNull();
  }
});

test('hours are edited as rows, and written as the setting', () => {
  const rows = (text: string) => {
    const read = readSchedule(text);
    return read?.kind === 'hours' ? rowsOf(read.hours) : [];
  };
  expect(rows('sat-mon 22:00-24:00,06:00-08:30')).toEqual([
    { days: ['mon', 'sat', 'sun'], from: '22:00', to: '00:00' },
    { days: ['mon', 'sat', 'sun'], from: '06:00', to: '08:30' },
  ]);
  for (const text of ['mon-fri 06:00-22:00; sat,sun 00:00-24:00', 'daily 00:00-24:00', 'mon,wed-fri,sun 22:00-06:00']) expect(textOf(rows(text))).toBe(text);
  expect(readSchedule(textOf([{ days: [], from: '06:00', to: '22:00' }]))).toBeNull();
  expect(readSchedule(textOf([{ days: ['mon'], from: '', to: '22:00' }]))).toBeNull();
});
