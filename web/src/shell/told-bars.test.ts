import { expect, test } from 'vitest';
import { toldBars } from './told-bars.svelte';

test('of several bars the one that came last is the newest, and the one before it when that is put away', () => {
  const report = toldBars.come();
  expect(toldBars.several).toBe(false);
  const asked = toldBars.come();
  expect(toldBars.newest).toBe(asked);
  expect(toldBars.several).toBe(true);
  toldBars.go(asked);
  expect(toldBars.newest).toBe(report);
  expect(toldBars.several).toBe(false);
  toldBars.go(report);
  expect(toldBars.newest).toBe(0);
});
