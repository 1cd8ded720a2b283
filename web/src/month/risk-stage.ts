// Risk spots on a small map: what cameras see well enough, where things happened, where one more camera would help.

import L from 'leaflet';
import './risk.css';
import type { MonthPlaces } from '../api/types';
import { wedge, type Degrees } from '../map/geometry';
import { SmallStage } from '../map/small-stage';
import { spotRadius } from './places';

export class RiskStage extends SmallStage {
  private readonly ink = L.svg({ padding: 0.4 });
  private readonly drawn = L.layerGroup().addTo(this.map);
  private extent: Degrees[] = [];

  override resized(): void {
    super.resized();
    this.fit();
  }

  set(places: MonthPlaces): void {
    this.drawn.clearLayers();
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const shape = (at: Degrees, heading: number, angle: number, reach: number, options: L.PolylineOptions) =>
      L.polygon(wedge(at, heading, angle, reach).map(({ latitude, longitude }) => L.latLng(latitude, longitude)), { renderer: this.ink, interactive: false, ...options }).addTo(this.drawn);
    for (const one of places.cameras) shape(one, one.heading_deg, one.fov_deg, one.reach_m, { color: colour('--map-seen'), weight: 1.5, fillOpacity: 0.25 });
    for (const one of places.proposals) shape(one, one.heading_deg, places.next.fov_deg, places.next.reach_m, { color: colour('--accent'), weight: 2, dashArray: '6 5', fillOpacity: 0.12 });
    for (const { latitude, longitude, incidents, unseen } of places.spots) {
      const color = colour(unseen > 0 ? '--bad' : '--muted');
      L.circleMarker([latitude, longitude], { renderer: this.ink, interactive: false, radius: spotRadius(incidents), color, weight: 2, fill: unseen > 0, fillOpacity: 0.5 }).addTo(this.drawn);
    }
    places.proposals.forEach(({ latitude, longitude }, index) => {
      const disc = document.createElement('b');
      disc.textContent = String(index + 1);
      L.marker([latitude, longitude], { icon: L.divIcon({ html: disc, className: 'risk-next', iconSize: [0, 0] }), interactive: false, keyboard: false }).addTo(this.drawn);
    });
    this.extent = [...places.spots, ...places.proposals];
    this.fit();
  }

  /** Goes to one of them. */
  show({ latitude, longitude }: Degrees): void {
    this.map.setView([latitude, longitude], 18, { animate: false });
  }

  private fit(): void {
    if (this.extent.length === 0) return;
    const bounds = L.latLngBounds(this.extent.map(({ latitude, longitude }) => [latitude, longitude] as [number, number]));
    this.map.fitBounds(bounds, { padding: [40, 40], maxZoom: 18, animate: false });
  }
}
