import { expect, test } from 'vitest';
import { columnsFor } from './grid';

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
