import { expect, test } from 'vitest';
import { layoutForCount, padded, placed, PLACES_MOST, swapped, tapped, trimmed } from './arrange';

test('a view begins with room for all its cameras', () => {
  expect([0, 1, 2, 9, 10, 40].map(layoutForCount)).toEqual([1, 1, 4, 9, 16, 32]);
});

test('the last page has all its places, and saved are none but those in use', () => {
  expect(padded(['a', 'b'], 4)).toEqual(['a', 'b', null, null]);
  expect(padded([], 4)).toEqual([null, null, null, null]);
  expect(padded(['a', 'b', 'c', 'd', 'e'], 4)).toHaveLength(8);
  expect(padded(Array<string>(121).fill('a'), 16)).toHaveLength(PLACES_MOST);
  expect(trimmed(['a', null, 'b', null, null])).toEqual(['a', null, 'b']);
  expect(trimmed([null, null])).toEqual([]);
});

test('two pictures change places', () => {
  expect(swapped(['a', 'b', null], 0, 2)).toEqual([null, 'b', 'a']);
});

test('a camera that is chosen for a place leaves the one it had', () => {
  expect(placed(['a', 'b', null], 2, 'a')).toEqual([null, 'b', 'a']);
  expect(placed(['a', 'b', null], 0, 'c')).toEqual(['c', 'b', null]);
  expect(placed(['a', 'b', null], 1, null)).toEqual(['a', null, null]);
});

test('a tap picks up, the next one puts down, twice on the same place chooses its camera', () => {
  const places = ['a', 'b', null];
  expect(tapped(places, -1, 1)).toEqual({ places, held: 1, choose: false });
  expect(tapped(places, 1, 2)).toEqual({ places: ['a', null, 'b'], held: -1, choose: false });
  expect(tapped(places, 1, 1)).toEqual({ places, held: -1, choose: true });
  expect(tapped(places, -1, 2)).toEqual({ places, held: -1, choose: true });
});
