// Where the phone is, asked once while somebody is about to tell something.

import type { Location } from '../api/types';
import { towards, type Degrees } from '../map/geometry';
import { isPlaced } from '../map/marks';

const MOST_MS = 10_000;
/** Who stands so near to a location is at it. */
const AT_M = 80;

export class Here {
  state = $state<'' | 'asking' | 'known' | 'refused' | 'unknown'>('');
  at = $state.raw<Degrees | null>(null);
  metres = $state(0);
  private asked: Promise<void> | undefined;

  /** Resolves once it is known, or is not to be had. */
  ask(): Promise<void> {
    this.asked ??= new Promise((resolve) => {
      if (!('geolocation' in navigator)) {
        this.state = 'unknown';
        return resolve();
      }
      this.state = 'asking';
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          this.at = { latitude: coords.latitude, longitude: coords.longitude };
          this.metres = Math.max(1, Math.round(coords.accuracy));
          this.state = 'known';
          resolve();
        },
        ({ code }) => {
          this.state = code === 1 ? 'refused' : 'unknown';
          resolve();
        },
        { enableHighAccuracy: true, timeout: MOST_MS, maximumAge: 30_000 },
      );
    });
    return this.asked;
  }
}

/** The location at which this point lies; undefined: none is so near. */
export function locationAt(at: Degrees, locations: readonly Location[]): Location | undefined {
  return locations
    .filter(isPlaced)
    .map((location) => ({ location, metres: towards(at, location).metres }))
    .filter(({ metres }) => metres <= AT_M)
    .sort((a, b) => a.metres - b.metres)[0]?.location;
}
