import { expect, test } from 'vitest';
import { VIEW_LEAST_MS, VIEW_MOST_MS, centred, following, momentAt, pan, positionOf, ticks, zoom } from './view';

const HOUR = 3_600_000;
const view = { from: 0, to: HOUR };

test('a moment and its place on the screen belong together', () => {
  expect(momentAt(view, 200, 400)).toBe(HOUR / 2);
  expect(positionOf(view, HOUR / 4, 400)).toBe(100);
});

test('looking closer keeps the moment under the finger', () => {
  const closer = zoom(view, 0.5, HOUR / 4);
  expect(closer.to - closer.from).toBe(HOUR / 2);
  expect(positionOf(closer, HOUR / 4, 400)).toBeCloseTo(100);
});

test('there is a closest and a furthest look', () => {
  const closest = zoom(view, 1e-9, 500);
  expect(closest.to - closest.from).toBe(VIEW_LEAST_MS);
  const furthest = zoom(view, 1e9, 500);
  expect(furthest.to - furthest.from).toBe(VIEW_MOST_MS);
});

test('moving along keeps the width', () => {
  expect(pan(view, -1000)).toEqual({ from: -1000, to: HOUR - 1000 });
  expect(centred(view, HOUR)).toEqual({ from: HOUR / 2, to: (3 * HOUR) / 2 });
});

test('the view follows what is played', () => {
  expect(following(view, HOUR / 2)).toBe(view);
  const next = following(view, HOUR);
  expect(next.from).toBeLessThan(HOUR);
  expect(next.to).toBeGreaterThan(HOUR);
  expect(following(view, -5 * HOUR).from).toBeLessThan(-5 * HOUR);
});

test('times are written on round times of the site', () => {
  const offset = 7 * HOUR;
  const day = { from: -offset, to: -offset + 24 * HOUR };
  const { step, at } = ticks(day, 390, 60, offset);
  expect(step).toBe(6 * HOUR);
  expect(at.map((ms) => (ms + offset) / HOUR)).toEqual([0, 6, 12, 18, 24]);
});

test('times are never written closer than asked', () => {
  for (let span = VIEW_LEAST_MS; span < VIEW_MOST_MS; span *= 1.7) {
    const { step } = ticks({ from: 0, to: span }, 390, 64, 0);
    expect((step / span) * 390).toBeGreaterThanOrEqual(64);
  }
});
