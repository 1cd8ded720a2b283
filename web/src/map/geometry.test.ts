import { expect, test } from 'vitest';
import { apart, away, discBox, edgeAngle, gridStep, groups, nameBox, spread, TOUCH_PX, towards, wedge } from './geometry';

const HERE = { latitude: 21.45, longitude: 103.15 };

test('a hundred metres to the east is further in degrees than a hundred to the north', () => {
  expect(away(HERE, 0, 100).latitude - 21.45).toBeCloseTo(0.000898, 6);
  expect(away(HERE, 90, 100).longitude - 103.15).toBeCloseTo(0.000965, 6);
});

test('what a camera to the east sees begins at the camera and lies east of it', () => {
  const [first, ...arc] = wedge(HERE, 90, 60, 50);
  expect(first).toEqual(HERE);
  expect(arc.every(({ longitude }) => longitude > HERE.longitude)).toBe(true);
});

test('what a dome sees has no corner at the camera', () => {
  expect(wedge(HERE, 0, 360, 30)[0]).not.toEqual(HERE);
});

test('a camera alone stands on its location, two stand a finger apart on the sides they look to', () => {
  expect(spread([270])).toEqual([{ x: 0, y: 0 }]);
  const [west, east] = spread([270, 90]);
  expect(west!.x).toBeLessThan(0);
  expect(east!.x).toBeGreaterThan(0);
  expect(Math.hypot(west!.x - east!.x, west!.y - east!.y)).toBeCloseTo(TOUCH_PX);
});

test('cameras of one location that look the same way, or nobody knows where, are set apart too', () => {
  const points = spread([10, 10, null, null, 10]);
  const apart = points.flatMap((a, i) => points.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(TOUCH_PX - 0.001);
});

test('what a finger cannot tell apart is one group, and nothing is lost', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 30, y: 0 },
    { x: 200, y: 0 },
    { x: 10, y: 20 },
  ];
  expect(groups(points)).toEqual([[0, 1, 3], [2]]);
  expect(groups(points, 1)).toEqual([[0], [1], [2], [3]]);
});

test('squares of the grid have round sides', () => {
  expect([0.3, 0.6, 2.2, 9, 140].map((metres) => gridStep(metres))).toEqual([50, 100, 200, 1000, 20_000]);
});

test('names that would lie on each other give way to the one that comes first', () => {
  const boxes = ['Ngã ba bản Phăng – hướng tây', 'Ngã ba bản Phăng – hướng đông', 'Chợ'].map((name, at) => nameBox({ x: [0, 48, 300][at]!, y: 0 }, name));
  expect(apart(boxes, [1, 0, 2])).toEqual([1, 2]);
  expect(apart(boxes, [0, 1, 2])).toEqual([0, 2]);
  expect(apart(boxes, [0, 1, 2], [0, 20, 300].map((x) => discBox({ x, y: x === 20 ? 30 : 0 })))).toEqual([1, 2]);
});

test('what was drawn at a direction and distance is read back', () => {
  for (const bearing of [0, 45, 190, 359]) {
    const { bearing: read, metres } = towards(HERE, away(HERE, bearing, 60));
    expect(read).toBeCloseTo(bearing, 3);
    expect(metres).toBeCloseTo(60, 3);
  }
});

test('a side drawn left or right of the direction opens the same angle', () => {
  expect(edgeAngle(HERE, 350, away(HERE, 20, 30))).toBe(60);
  expect(edgeAngle(HERE, 350, away(HERE, 320, 30))).toBe(60);
  expect(edgeAngle(HERE, 0, away(HERE, 180, 30))).toBe(360);
});
