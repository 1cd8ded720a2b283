// The cameras and locations of the site, as all screens share them; asked for anew every few
// seconds while the page is seen.

import { api } from '../api/client';
import type { Camera, Location } from '../api/types';

const PERIOD_MS = 8_000;

class Site {
  cameras = $state.raw<Camera[]>([]);
  locations = $state.raw<Location[]>([]);
  /** undefined: never asked yet; otherwise what went wrong the last time, or null */
  error = $state.raw<unknown>(undefined);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;

  start(): void {
    if (this.running) return;
    this.running = true;
    document.addEventListener('visibilitychange', this.again);
    void this.tick();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.again);
    this.cameras = [];
    this.locations = [];
    this.error = undefined;
  }

  get loaded(): boolean {
    return this.error !== undefined;
  }

  async refresh(): Promise<void> {
    try {
      const [cameras, locations] = await Promise.all([
        api.all<Camera>('/cameras'),
        api.all<Location>('/locations').catch(() => this.locations),
      ]);
      this.cameras = cameras;
      this.locations = locations;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  camera(id: string): Camera | undefined {
    return this.cameras.find((camera) => camera.id === id);
  }

  location(id: string | null): Location | undefined {
    return this.locations.find((location) => location.id === id);
  }

  /** Takes a camera as the server just answered it, without waiting for the next round. */
  put(camera: Camera): void {
    const others = this.cameras.filter(({ id }) => id !== camera.id);
    const known = others.length < this.cameras.length;
    this.cameras = known ? this.cameras.map((one) => (one.id === camera.id ? camera : one)) : [...others, camera];
  }

  private readonly tick = async () => {
    clearTimeout(this.timer);
    if (!document.hidden) await this.refresh();
    if (this.running) this.timer = setTimeout(this.tick, PERIOD_MS);
  };

  private readonly again = () => {
    if (!document.hidden) void this.tick();
  };
}

export const site = new Site();
