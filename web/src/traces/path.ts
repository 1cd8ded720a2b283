// The chain of sightings as points on the map: those at one place are one point.

import type { Location, Sighting, Verdict } from '../api/types';
import type { Degrees } from '../map/geometry';
import { isPlaced } from '../map/marks';
import { chainOf } from './traces';

export interface PathPoint extends Degrees {
  /** which of the chain: "1", or "2, 4" */
  numbers: string;
  times: string;
}

export interface PathMark extends Degrees {
  verdict: Verdict;
}

type Place = Pick<Location, 'latitude' | 'longitude'> | undefined;

/** Points in the order of the path; one that comes back to a place stands there once more, so that the line
 * goes there too. `lost` counts what was seen by cameras without a place. */
export function pathOf(sightings: readonly Sighting[], placeOf: (camera: string) => Place, timeOf: (ms: number) => string): { points: PathPoint[]; marks: PathMark[]; lost: number } {
  const points: PathPoint[] = [];
  let lost = 0;
  chainOf(sightings).forEach(({ camera, from }, i) => {
    const place = placeOf(camera);
    if (!place || !isPlaced(place)) {
      lost++;
      return;
    }
    const { latitude, longitude } = place;
    const same = points.filter((one) => one.latitude === latitude && one.longitude === longitude);
    const numbers = [...same.slice(-1).map((one) => one.numbers), String(i + 1)].join(', ');
    const times = [...same.slice(-1).map((one) => one.times), timeOf(Date.parse(from))].join(', ');
    points.push({ latitude, longitude, numbers, times });
    for (const one of same) Object.assign(one, { numbers, times });
  });
  const marks = sightings.flatMap(({ camera, verdict }) => {
    const place = placeOf(camera);
    if (verdict === 'seen' || !place || !isPlaced(place)) return [];
    const taken = points.some((one) => one.latitude === place.latitude && one.longitude === place.longitude);
    return taken ? [] : [{ latitude: place.latitude, longitude: place.longitude, verdict }];
  });
  return { points, marks, lost };
}
