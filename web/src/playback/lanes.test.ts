import { expect, test } from 'vitest';
import { columnsOf, lanesAddress, lanesOf, mostLanes, replaced, toggled } from './lanes';

test('the address names the cameras, each once, no more than the screen takes', () => {
  expect(lanesOf('a,b,a,,c', 'z', 9)).toEqual(['a', 'b', 'c']);
  expect(lanesOf('a,b,c', 'z', 2)).toEqual(['a', 'b']);
  expect(lanesOf(undefined, 'z', 9)).toEqual(['z']);
  expect(lanesOf('', undefined, 9)).toEqual([]);
  expect(lanesAddress(['a', 'b'], 0)).toBe('/playback/a,b?at=1970-01-01T00:00:00.000Z');
});

test('a camera is put in the place of another, added, and taken away, but one stays', () => {
  expect(replaced(['a', 'b'], 'b', 'c')).toEqual(['a', 'c']);
  expect(replaced(['a', 'b'], 'b', 'a')).toEqual(['a', 'b']);
  expect(toggled(['a'], 'b', 4)).toEqual(['a', 'b']);
  expect(toggled(['a', 'b'], 'a', 4)).toEqual(['b']);
  expect(toggled(['a'], 'a', 4)).toEqual(['a']);
  expect(toggled(['a', 'b'], 'c', 2)).toEqual(['a', 'b']);
});

test('a phone shows four, a desk nine, as square as can be', () => {
  expect([mostLanes(390), mostLanes(1440)]).toEqual([4, 9]);
  expect([1, 2, 4, 5, 9].map((count) => columnsOf(count, false))).toEqual([1, 2, 2, 3, 3]);
  expect([1, 2, 3, 4].map((count) => columnsOf(count, true))).toEqual([1, 1, 2, 2]);
});
