import { expect, test } from 'vitest';
import { columnsFor, tileByKey } from './grid';

test('a phone held upright has two columns', () => {
  expect(columnsFor(32, 390, 700)).toBe(2);
});

test('a desktop of 1440 by 900 shows all 32 cameras', () => {
  expect(columnsFor(32, 1440 - 88 - 16, 900 - 64)).toBe(6);
});

test('few cameras are shown large', () => {
  expect(columnsFor(1, 1340, 830)).toBe(1);
  expect(columnsFor(4, 1340, 830)).toBe(2);
});

test('there is always a column', () => {
  expect(columnsFor(0, 0, 0)).toBe(1);
  expect(columnsFor(32, 100, 100)).toBe(1);
});

test('arrows lead from tile to tile and stop at the edges', () => {
  expect(tileByKey('ArrowRight', 0, 8, 3)).toBe(1);
  expect(tileByKey('ArrowDown', 1, 8, 3)).toBe(4);
  expect(tileByKey('ArrowUp', 1, 8, 3)).toBe(1);
  expect(tileByKey('ArrowDown', 6, 8, 3)).toBe(6);
  expect(tileByKey('ArrowLeft', 0, 8, 3)).toBe(0);
  expect(tileByKey('End', 2, 8, 3)).toBe(7);
  expect(tileByKey('Enter', 2, 8, 3)).toBeNull();
});
