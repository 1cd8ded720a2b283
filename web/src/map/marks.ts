// How a camera stands on the map: what it does now, by colour and by shape, and where it looks.

import type { Camera, Location } from '../api/types';

/** recorded · should be and is not · no pictures come · paused · watched only, as its schedule says */
export type Mark = 'recording' | 'unrecorded' | 'lost' | 'paused' | 'watched';

/** The most pressing first. */
export const MARKS: readonly Mark[] = ['lost', 'unrecorded', 'paused', 'watched', 'recording'];

/** Shapes on a field of 16: circle, triangle, square, bars, ring. */
export const SHAPES: Record<Mark, string> = {
  recording: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13',
  unrecorded: 'M8 1l7.5 13.5H.5z',
  lost: 'M1.5 1.5h13v13h-13z',
  paused: 'M2.5 1.5H7v13H2.5zM9 1.5h4.5v13H9z',
  watched: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13m0 3.2a3.3 3.3 0 1 1 0 6.6 3.3 3.3 0 0 1 0-6.6',
};

type Told = { paused: boolean; status: Pick<Camera['status'], 'state' | 'recording' | 'should_record'> };

export function markOf({ paused, status }: Told): Mark {
  if (paused) return 'paused';
  if (status.state === 'stalled' || status.state === 'waiting') return 'lost';
  if (status.recording) return 'recording';
  return status.should_record || status.state !== 'running' ? 'unrecorded' : 'watched';
}

/** A camera that has a place. */
export interface Placed {
  camera: Camera;
  location: Location;
  mark: Mark;
}

/** A location that was given no place has the coordinates 0, 0: a spot in the Atlantic. */
export function isPlaced(location: Pick<Location, 'latitude' | 'longitude'> | undefined): boolean {
  return location !== undefined && (location.latitude !== 0 || location.longitude !== 0);
}

/** Cameras with a place, and the others. Those on the map go from north to south, as one reads. */
export function place(cameras: Camera[], locations: Location[]): { placed: Placed[]; unplaced: Camera[] } {
  const byId = new Map(locations.map((location) => [location.id, location]));
  const placed: Placed[] = [];
  const unplaced: Camera[] = [];
  for (const camera of cameras) {
    const location = camera.location ? byId.get(camera.location) : undefined;
    if (location && isPlaced(location)) placed.push({ camera, location, mark: markOf(camera) });
    else unplaced.push(camera);
  }
  placed.sort((a, b) => b.location.latitude - a.location.latitude || a.location.longitude - b.location.longitude || a.camera.name.localeCompare(b.camera.name));
  return { placed, unplaced };
}
