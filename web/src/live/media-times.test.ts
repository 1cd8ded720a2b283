import { expect, test } from 'vitest';
import { KEEP_MOST, MediaTimes, PACE_S } from './media-times';

const SCALE = 90_000;
const second = (ticks: number) => ticks / SCALE;

test('pictures stand as far apart as they were taken', () => {
  const times = new MediaTimes(SCALE);
  const at = [0, 66_667, 100_000, 300_000].map((us) => second(times.place(1_700_000_000_000_000 + us)));
  expect(at[0]).toBe(0);
  for (const [i, s] of [0, 0.066667, 0.1, 0.3].entries()) expect(at[i]).toBeCloseTo(s, 3);
  expect(times.newestS).toBe(at[3]);
});

test('no picture stands further behind the one before than that one claims to last', () => {
  const times = new MediaTimes(SCALE);
  let before = times.place(0);
  for (const us of [30_000, 5_000_000, 5_020_000, 65_000_000, 65_000_000, 64_000_000]) {
    const at = times.place(us);
    expect(at - before).toBeGreaterThan(0);
    expect(at - before).toBeLessThanOrEqual(times.durationTicks);
    before = at;
  }
});

test('a picture that is shown tells when it was taken, and what was skipped before it waits no longer', () => {
  const times = new MediaTimes(SCALE);
  const taken = [1_000_000, 1_066_000, 1_166_000, 9_000_000];
  const at = taken.map((us) => second(times.place(us)));
  expect(times.waiting).toBe(4);
  expect(times.shown(at[0]!)).toBe(taken[0]);
  expect(times.shown(Math.floor(at[2]! * 1e6) / 1e6)).toBe(taken[2]); // as browsers tell it
  expect(times.waiting).toBe(1);
  expect(times.shown(at[3]!)).toBe(taken[3]);
  expect(at[3]! - at[2]!).toBeCloseTo(PACE_S, 3);
  expect(times.shown(at[3]! + 1)).toBeNull();
});

test('what is never shown is not kept for ever', () => {
  const times = new MediaTimes(SCALE);
  for (let i = 0; i < 5_000; i++) times.place(i * 66_000);
  expect(times.waiting).toBe(KEEP_MOST);
});
