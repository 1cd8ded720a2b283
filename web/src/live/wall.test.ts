import { expect, test } from 'vitest';
import type { Camera } from '../api/types';
import { ALL, fit, layoutByKey, layoutsFor, onPage, pageCount, placesOf, turned } from './wall';

/** the room for pictures of a desktop of 1440 by 900, a tablet held upright, a phone both ways */
const DESKTOP = [1336, 840] as const;
const TABLET = [724, 1120] as const;
const PHONE = [382, 720] as const;
const SIDEWAYS = [740, 330] as const;

test('a desktop and a tablet have all layouts, a phone those whose pictures show something', () => {
  expect(layoutsFor(...DESKTOP)).toEqual([1, 4, 9, 16, 32]);
  expect(layoutsFor(...TABLET)).toEqual([1, 4, 9, 16, 32]);
  expect(layoutsFor(...PHONE)).toEqual([1, 4, 9]);
  expect(layoutsFor(...SIDEWAYS)).toEqual([1, 4, 9]);
  expect(layoutsFor(100, 100)).toEqual([1]);
});

test('all places of a page are seen without scrolling, as large as they can be', () => {
  for (const [width, height] of [DESKTOP, TABLET, PHONE, SIDEWAYS]) {
    for (const layout of layoutsFor(width, height)) {
      const { columns, tile } = fit(layout, width, height);
      const rows = Math.ceil(layout / columns);
      expect(columns * tile + (columns - 1) * 4).toBeLessThanOrEqual(width);
      expect(rows * tile * (9 / 16) + (rows - 1) * 4).toBeLessThanOrEqual(height);
    }
  }
  expect(fit(9, ...DESKTOP).columns).toBe(3);
  expect(fit(32, ...DESKTOP).columns).toBe(6);
  expect(fit(4, ...PHONE)).toEqual({ columns: 1, tile: 314 });
});

test('more cameras than places fill further pages, and the last one leads to the first', () => {
  const cameras = Array.from({ length: 10 }, (_, i) => i);
  expect(pageCount(10, 4)).toBe(3);
  expect(onPage(cameras, 4, 0)).toEqual([0, 1, 2, 3]);
  expect(onPage(cameras, 4, 2)).toEqual([8, 9]);
  expect(pageCount(8, 4)).toBe(2);
  expect(pageCount(0, 4)).toBe(1);
  expect(pageCount(10, ALL)).toBe(1);
  expect(onPage(cameras, ALL, 0)).toEqual(cameras);
  expect(turned(2, 1, 3)).toBe(0);
  expect(turned(0, -1, 3)).toBe(2);
});

test('digits choose among the layouts that there are', () => {
  expect(layoutByKey('0', [1, 4, 9])).toBe(ALL);
  expect(layoutByKey('3', [1, 4, 9])).toBe(9);
  expect(layoutByKey('5', [1, 4, 9])).toBeNull();
  expect(layoutByKey('f', [1, 4, 9])).toBeNull();
  expect(layoutByKey('', [1])).toBeNull();
});

test('a view shows its cameras in their places, and which are held back', () => {
  const known = (id: string) => (id === 'gone' ? undefined : ({ id } as Camera));
  const view = { places: ['a', null, null, 'gone'], withheld: [2] };
  const told = (layout: number) => placesOf(view, known, layout).map(({ camera, withheld }) => camera?.id ?? (withheld ? 'withheld' : 'empty'));
  expect(told(4)).toEqual(['a', 'empty', 'withheld', 'empty']);
  expect(told(ALL)).toEqual(['a', 'withheld']);
});
