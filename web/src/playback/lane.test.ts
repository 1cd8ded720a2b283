import { expect, it } from 'vitest';
import { Lane } from './lane.svelte';

it('a lane that is shifted tells the next footage by the common clock', () => {
  const lane = new Lane('bridge');
  lane.spans = [
    { from: 100_000, to: 160_000 },
    { from: 200_000, to: 260_000 },
  ];
  expect(lane.nextInSight(150_000)).toBe(150_000);
  lane.shift = 30_000;
  expect(lane.nextInSight(150_000)).toBe(170_000);
  expect(lane.next(110_000)).toBe(110_000);
  lane.shift = -30_000;
  expect(lane.nextInSight(120_000)).toBe(130_000);
  expect(lane.nextInSight(290_000)).toBeNull();
});
