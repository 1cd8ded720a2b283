import { expect, test } from 'vitest';
import { bounds, contains, cornerTo, isTangled, isTooSmall, nudged, rectangle, shapeOf, shifted, toldOf, withCorner, withoutCorner, type Shape } from './shape';

const yard = rectangle({ left: 0.2, top: 0.2, right: 0.6, bottom: 0.5 });
const arrow: Shape = [{ x: 0.1, y: 0.1 }, { x: 0.9, y: 0.5 }, { x: 0.1, y: 0.9 }, { x: 0.4, y: 0.5 }];

test('a finger finds what lies under it, also in a shape that is not round', () => {
  expect(contains(yard, { x: 0.3, y: 0.3 })).toBe(true);
  expect(contains(yard, { x: 0.3, y: 0.6 })).toBe(false);
  expect(contains(arrow, { x: 0.6, y: 0.5 })).toBe(true);
  expect(contains(arrow, { x: 0.2, y: 0.5 })).toBe(false);
});

test('a shape stays in the picture as a whole, a corner by itself', () => {
  expect(bounds(shifted(yard, 0.7, -0.5))).toEqual({ left: expect.closeTo(0.6), top: expect.closeTo(0), right: expect.closeTo(1), bottom: expect.closeTo(0.3) });
  expect(cornerTo(yard, 2, { x: 1.4, y: 0.7 })[2]).toEqual({ x: 1, y: 0.7 });
  expect(nudged(yard, 'ArrowRight', 0)[0]!.x).toBeCloseTo(0.22);
  expect(bounds(nudged(yard, 'ArrowUp', null)).top).toBeCloseTo(0.18);
});

test('corners come between two, and go down to a triangle', () => {
  const five = withCorner(yard, 3);
  expect(five.length).toBe(5);
  expect(five[4]).toEqual({ x: 0.2, y: 0.35 });
  expect(isTangled(five)).toBe(false);
  expect(withoutCorner(withoutCorner(yard, 0), 0).length).toBe(3);
  let most: Shape = yard;
  for (let i = 0; i < 30; i++) most = withCorner(most, 0);
  expect(most.length).toBe(16);
});

test('edges that cross, touch or turn back are told, and what is too small', () => {
  expect(isTangled(yard)).toBe(false);
  expect(isTangled(arrow)).toBe(false);
  expect(isTangled([yard[0]!, yard[2]!, yard[1]!, yard[3]!])).toBe(true);
  expect(isTangled(cornerTo(yard, 0, { x: 0.4, y: 0.5 }))).toBe(true); // a corner on the far edge
  expect(isTangled(cornerTo(yard, 0, yard[1]!))).toBe(true);
  expect(isTooSmall(yard)).toBe(false);
  expect(isTooSmall(rectangle({ left: 0.2, top: 0.2, right: 0.204, bottom: 0.5 }))).toBe(true);
});

test('the server is told whole parts of 10,000', () => {
  expect(toldOf(yard)[2]).toEqual({ x: 6000, y: 5000 });
  expect(shapeOf(toldOf(arrow))).toEqual(arrow);
});
