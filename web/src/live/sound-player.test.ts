import { expect, test } from 'vitest';
import { paceOf } from './sound-player';

test('sound that is behind is played faster, and left out where that is not enough', () => {
  expect(paceOf(0.1)).toBe(1);
  expect(paceOf(0.4)).toBe(1);
  expect(paceOf(0.6)).toBeGreaterThan(1);
  expect(paceOf(0.6)).toBeLessThan(1.1);
  expect(paceOf(1.5)).toBeNull();
});
