// What small maps have in common: the site's own map below, zoom by the wheel around the middle, an end.

import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import './stage.css';
import { closeMap } from './close';
import { Ground } from './ground';
import type { SiteMap } from './site-map.svelte';

export class SmallStage {
  protected readonly map: L.Map;
  protected readonly ground: Ground;

  constructor(element: HTMLElement) {
    this.map = L.map(element, { attributionControl: false, zoomControl: false, maxZoom: 20, minZoom: 5, zoomSnap: 0.5, scrollWheelZoom: 'center', keyboard: false });
    this.map.setView([16, 107.5], 6);
    this.ground = new Ground(this.map);
    L.control.scale({ imperial: false, position: 'bottomleft', maxWidth: 100 }).addTo(this.map);
  }

  destroy(): void {
    closeMap(this.map);
  }

  resized(): void {
    this.map.invalidateSize({ pan: false });
  }

  setSiteMap(siteMap: SiteMap | null): void {
    this.ground.setSiteMap(siteMap);
  }

  zoomBy(steps: number): void {
    this.map.setZoom(this.map.getZoom() + steps);
  }
}
