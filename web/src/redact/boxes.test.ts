import { expect, test } from 'vitest';
import { areaAt, askedOf, boxUnder, momentAt, moved, placed, unplaced, type Box } from './boxes';

const area = (left: number, top: number, right: number, bottom: number) => ({ left, top, right, bottom });
const walking: Box = {
  id: 1,
  stays: true,
  moments: [
    { at: 10_000, area: area(0.1, 0.2, 0.2, 0.5) },
    { at: 20_000, area: area(0.3, 0.2, 0.5, 0.3) },
  ],
};

test('a box moves straight and evenly between its moments and stays at both ends', () => {
  expect(areaAt(walking, 0)).toEqual(area(0.1, 0.2, 0.2, 0.5));
  const middle = areaAt(walking, 15_000)!;
  expect(middle.left).toBeCloseTo(0.2);
  expect(middle.right).toBeCloseTo(0.35);
  expect(middle.bottom).toBeCloseTo(0.4);
  expect(areaAt(walking, 60_000)).toEqual(area(0.3, 0.2, 0.5, 0.3));
});

test('one that does not stay is there between its moments only', () => {
  const passing = { ...walking, stays: false };
  expect(areaAt(passing, 9_000)).toBeNull();
  expect(areaAt(passing, 20_000)).not.toBeNull();
  expect(areaAt(passing, 21_000)).toBeNull();
});

test('setting it in the same picture again replaces the moment; the last one is never taken away', () => {
  const again = placed(walking, 10_004, area(0, 0, 0.1, 0.1));
  expect(again.moments.map(({ at }) => at)).toEqual([10_004, 20_000]);
  expect(momentAt(again, 10_010)).toBeDefined();
  expect(placed(walking, 15_000, area(0, 0, 0.1, 0.1)).moments.map(({ at }) => at)).toEqual([10_000, 15_000, 20_000]);
  const one = unplaced(again, 20_000);
  expect(one.moments.length).toBe(1);
  expect(unplaced(one, 10_004)).toBe(one);
});

test('it is moved within the picture, and the smallest one under a finger is meant', () => {
  expect(moved(area(0.1, 0.1, 0.3, 0.3), -0.5, 0.9)).toEqual({ left: 0, top: expect.closeTo(0.8), right: expect.closeTo(0.2), bottom: 1 });
  const wide: Box = { id: 2, stays: true, moments: [{ at: 0, area: area(0, 0, 1, 1) }] };
  expect(boxUnder([wide, walking], 10_000, { x: 0.15, y: 0.3 })?.id).toBe(1);
  expect(boxUnder([wide, walking], 10_000, { x: 0.9, y: 0.9 })?.id).toBe(2);
  expect(boxUnder([walking], 10_000, { x: 0.9, y: 0.9 })).toBeUndefined();
});

test('the server is told whole parts, outward, within picture and span', () => {
  const from = Date.UTC(2026, 10, 24, 14);
  const box: Box = { id: 1, stays: false, moments: [{ at: from - 3, area: area(0.12345, 0, 0.9999999, 0.001) }, { at: from + 5_000.4, area: area(0, 0.9, 0.5, 1) }] };
  expect(askedOf([box], true, { from, to: from + 5_000 })).toEqual({
    sound: true,
    boxes: [
      {
        stays: false,
        moments: [
          { at: '2026-11-24T14:00:00.000Z', box: [1234, 0, 8766, 50] },
          { at: '2026-11-24T14:00:05.000Z', box: [0, 9000, 5000, 1000] },
        ],
      },
    ],
  });
});
