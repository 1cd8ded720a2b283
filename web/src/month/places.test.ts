import { describe, expect, it } from 'vitest';
import type { Location, MonthPlaces } from '../api/types';
import { nearestTo, planOf, risky, spotRadius, windOf } from './places';

const location = (name: string, latitude: number, longitude: number) => ({ id: name, name, village: '', kind: 'other', latitude, longitude, locked: false }) as unknown as Location;

const places: MonthPlaces = {
  from: '2025-12-01T00:00:00Z', to: '2026-11-30T00:00:00Z', least: 'observe', radius_m: 100,
  incidents: 6, unseen: 4, far: 0, unplaced: 0, left_out: 0,
  spots: [
    { latitude: 21.45, longitude: 103.15, incidents: 4, unseen: 4 },
    { latitude: 21.452, longitude: 103.15, incidents: 2, unseen: 0 },
  ],
  proposals: [{ latitude: 21.4501, longitude: 103.15, heading_deg: 180, sees: 4 }],
  next: { width_px: 2560, fov_deg: 84, height_m: 5, reach_m: 22 },
  cameras: [{ camera: 'a', name: 'A', latitude: 21.452, longitude: 103.15, heading_deg: 0, fov_deg: 84, reach_m: 17, by_pixels: true }],
  not_counted: [], compared: [],
};

describe('places of a month', () => {
  it('names the place that a point is nearest to, and none without a place', () => {
    const locations = [location('nowhere', 0, 0), location('market', 21.45, 103.15), location('bridge', 21.46, 103.15)];
    const near = nearestTo({ latitude: 21.4505, longitude: 103.15 }, locations);
    expect(near?.location.name).toBe('market');
    expect(near?.metres).toBeCloseTo(55.7, 0);
    expect(nearestTo({ latitude: 21.45, longitude: 103.15 }, [location('nowhere', 0, 0)])).toBeUndefined();
  });

  it('says a heading as one of eight directions', () => {
    expect([0, 22, 23, 90, 180, 337.5, 359, -45].map(windOf)).toEqual([0, 0, 1, 2, 4, 0, 0, 7]);
  });

  it('lists only spots of which something is unseen', () => {
    expect(risky(places)).toHaveLength(1);
    expect(spotRadius(4)).toBe(8);
    expect(spotRadius(10_000)).toBe(16);
  });

  it('draws north up, to scale, within its frame', () => {
    const plan = planOf(places, 400)!;
    expect(plan.height).toBe(400);
    const [worst, seen] = plan.spots;
    expect(worst!.y).toBeGreaterThan(seen!.y);
    expect((worst!.y - seen!.y) * plan.metres).toBeCloseTo(222.6, 0);
    for (const { x, y } of [...plan.spots, ...plan.proposals]) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(plan.width);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(plan.height);
    }
    expect(planOf({ ...places, spots: [] })).toBeUndefined();
  });
});
