import { expect, test } from 'vitest';
import { PlaybackClock } from './clock';

test('the clock runs at its speed, stands while it is held, and goes on where it stood', () => {
  let machine = 0;
  const clock = new PlaybackClock(1_000, () => machine);
  machine = 500;
  expect(clock.now()).toBe(1_000);
  clock.run(true);
  machine = 600;
  expect(clock.now()).toBe(1_100);
  clock.speed(4);
  machine = 700;
  expect(clock.now()).toBe(1_500);
  clock.hold(true);
  machine = 5_000;
  expect(clock.now()).toBe(1_500);
  clock.hold(false);
  machine = 5_010;
  expect(clock.now()).toBe(1_540);
  clock.run(false);
  machine = 9_000;
  expect(clock.now()).toBe(1_540);
});

test('a jump counts from the moment it is made', () => {
  let machine = 100;
  const clock = new PlaybackClock(0, () => machine);
  clock.run(true);
  machine = 300;
  clock.set(50_000);
  machine = 310;
  expect(clock.now()).toBe(50_010);
});
