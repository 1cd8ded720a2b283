import { expect, test } from 'vitest';
import { ServerClock } from './server-clock';

test('equal clocks are taken as equal', () => {
  const clock = new ServerClock();
  clock.noteDate(10_400, 10_450, new Date(10_000).toUTCString());
  expect(clock.offset).toBe(0);
});

test('a phone an hour ahead is corrected to within a second', () => {
  const clock = new ServerClock();
  const hour = 3_600_000;
  clock.noteDate(hour + 10_400, hour + 10_420, new Date(10_000).toUTCString());
  expect(clock.offset).toBeGreaterThan(-hour - 1000);
  expect(clock.offset).toBeLessThan(-hour + 1000);
});

test('more answers narrow the difference', () => {
  const clock = new ServerClock();
  const ahead = 5_000;
  for (let server = 100_000; server < 110_000; server += 130) {
    const seconds = Math.floor(server / 1000) * 1000;
    clock.noteDate(server + ahead, server + ahead + 4, new Date(seconds).toUTCString());
  }
  expect(Math.abs(clock.offset + ahead)).toBeLessThan(150);
});

test('a clock that is set starts the estimate anew', () => {
  const clock = new ServerClock();
  clock.note(0, 10, 0, 1000);
  clock.note(20_000, 20_010, 80_000, 81_000);
  expect(clock.offset).toBeGreaterThan(59_000);
});

test('a picture cannot come from the future', () => {
  const clock = new ServerClock();
  clock.noteCapture(1_000, 31_000_000);
  expect(clock.offset).toBe(30_000);
});

test('no Date header changes nothing', () => {
  const clock = new ServerClock();
  clock.noteDate(0, 1, null);
  clock.noteDate(0, 1, 'nonsense');
  expect(clock.offset).toBe(0);
});
