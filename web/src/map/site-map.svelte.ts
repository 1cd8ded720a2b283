// The site's own map, as an admin gave it: asked for once, kept while the app is open.

import { api } from '../api/client';

export interface MapFeature {
  type: 'Feature';
  geometry: { type: 'Point' | 'LineString' | 'MultiLineString' | 'Polygon' | 'MultiPolygon'; coordinates: number[] };
  properties: { kind: string; name?: string };
}

export interface SiteMap {
  type: 'FeatureCollection';
  features: MapFeature[];
}

class SiteMapStore {
  /** null: not known yet */
  now = $state.raw<SiteMap | null>(null);

  /** Asks unless it is known; trouble leaves the grid. */
  async load(): Promise<void> {
    if (!this.now) this.now = await api.get<SiteMap>('/map').catch(() => null);
  }

  /** It was changed: by who sits here. */
  async reload(): Promise<void> {
    this.now = await api.get<SiteMap>('/map');
  }
}

export const siteMap = new SiteMapStore();
