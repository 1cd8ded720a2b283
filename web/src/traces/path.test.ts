import { expect, it } from 'vitest';
import type { Sighting } from '../api/types';
import { pathOf } from './path';

const places: Record<string, { latitude: number; longitude: number }> = {
  market: { latitude: 21.45, longitude: 103.15 },
  bridge: { latitude: 21.46, longitude: 103.16 },
  unplaced: { latitude: 0, longitude: 0 },
};
const sighting = (camera: string, verdict: Sighting['verdict'], minute: number) => ({ camera, verdict, from: `2026-11-24T07:${minute}:00Z` }) as Sighting;
const path = (...sightings: Sighting[]) => pathOf(sightings, (camera) => places[camera], (ms) => new Date(ms).toISOString().slice(14, 16));

it('the path goes by time, and says where it came back to', () => {
  const { points } = path(sighting('market', 'seen', 40), sighting('market', 'seen', 30), sighting('bridge', 'seen', 35));
  expect(points.map(({ latitude, numbers, times }) => [latitude, numbers, times])).toEqual([
    [21.45, '1, 3', '30, 40'],
    [21.46, '2', '35'],
    [21.45, '1, 3', '30, 40'],
  ]);
});

it('cameras that did not see it are marks beside it; one that has no place is told as lost', () => {
  const { points, marks, lost } = path(sighting('market', 'seen', 30), sighting('market', 'not-seen', 31), sighting('bridge', 'unclear', 35), sighting('unplaced', 'seen', 36), sighting('gone', 'seen', 37), sighting('gone', 'not-seen', 38));
  expect(points).toHaveLength(1);
  expect(marks).toEqual([{ latitude: 21.46, longitude: 103.16, verdict: 'unclear' }]);
  expect(lost).toBe(2);
});
