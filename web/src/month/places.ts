// What happened where: which place a point is at, in words; and the whole as a drawing on paper.

import type { Location, MonthPlaces } from '../api/types';
import { towards, wedge, type Degrees, type Point } from '../map/geometry';
import { isPlaced } from '../map/marks';

/** The location nearest to a point, and how far off it is. */
export function nearestTo(at: Degrees, locations: readonly Location[]): { location: Location; metres: number } | undefined {
  let best: { location: Location; metres: number } | undefined;
  for (const location of locations) {
    const { metres } = towards(at, location);
    if (isPlaced(location) && (!best || metres < best.metres)) best = { location, metres };
  }
  return best;
}

/** One of eight directions: 0 is north, 1 north-east … */
export type Wind = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export const windOf = (heading: number): Wind => (Math.round((((heading % 360) + 360) % 360) / 45) % 8) as Wind;

/** Spots where something happened that no camera sees well enough. */
export const risky = ({ spots }: MonthPlaces): MonthPlaces['spots'] => spots.filter(({ unseen }) => unseen > 0);

/** How large a spot is drawn: its area grows with what happened there. */
export const spotRadius = (incidents: number, least = 4, most = 16): number => Math.min(most, least * Math.sqrt(Math.max(1, incidents)));

export interface Plan {
  width: number;
  height: number;
  /** so many metres a unit */
  metres: number;
  views: { camera: string; outline: string }[];
  spots: { x: number; y: number; radius: number; unseen: boolean }[];
  proposals: { x: number; y: number; number: number; outline: string }[];
}

/** The drawing, north up, in units of which `width` go from side to side. What lies far off the rest would make it
 * a drawing of nothing, so it shows where incidents are, and cameras as far as they are beside them. */
export function planOf(places: MonthPlaces, width = 640): Plan | undefined {
  const { spots, proposals, next } = places;
  const first = spots[0];
  if (!first) return undefined;
  const metresTo = ({ latitude, longitude }: Degrees): Point => {
    const { bearing, metres } = towards(first, { latitude, longitude });
    const angle = (bearing * Math.PI) / 180;
    return { x: metres * Math.sin(angle), y: -metres * Math.cos(angle) };
  };
  const around = [...spots, ...proposals].map(metresTo);
  const edge = 80;
  const left = Math.min(...around.map(({ x }) => x)) - edge;
  const top = Math.min(...around.map(({ y }) => y)) - edge;
  const across = Math.max(...around.map(({ x }) => x)) + edge - left;
  const down = Math.max(...around.map(({ y }) => y)) + edge - top;
  const metres = Math.max(across, down) / width;
  const draw = (at: Degrees): Point => {
    const { x, y } = metresTo(at);
    return { x: Math.round(((x - left) / metres) * 10) / 10, y: Math.round(((y - top) / metres) * 10) / 10 };
  };
  const outline = (at: Degrees, heading: number, angle: number, reach: number) =>
    wedge(at, heading, angle, reach)
      .map(draw)
      .map(({ x, y }) => `${x},${y}`)
      .join(' ');
  return {
    width: Math.round(across / metres),
    height: Math.round(down / metres),
    metres,
    views: places.cameras.map((one) => ({ camera: one.camera, outline: outline(one, one.heading_deg, one.fov_deg, one.reach_m) })),
    spots: spots.map((spot) => ({ ...draw(spot), radius: spotRadius(spot.incidents, 3, 12), unseen: spot.unseen > 0 })),
    proposals: proposals.map((one, index) => ({ ...draw(one), number: index + 1, outline: outline(one, one.heading_deg, next.fov_deg, next.reach_m) })),
  };
}
