// Households on a small map: a pin each, with the way its camera looks where that is known, and the circle around the
// place that is asked about.

import L from 'leaflet';
import { wedge, type Degrees } from '../map/geometry';
import { SmallStage } from '../map/small-stage';

export interface Pin {
  id: string;
  at: Degrees;
  heading: number | undefined;
  /** faces the place, or is the one that is shown */
  marked: boolean;
}

const ANGLE = 90;
const REACH_M = 25;

export class HouseholdStage extends SmallStage {
  private readonly ink = L.svg({ padding: 0.4 });
  private readonly drawn = L.layerGroup().addTo(this.map);
  private extent = '';
  onpick: (id: string) => void = () => {};

  override resized(): void {
    super.resized();
    this.fit();
  }

  set(pins: Pin[], around: { at: Degrees; radius: number } | null): void {
    this.drawn.clearLayers();
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const points = pins.map(({ at }) => L.latLng(at.latitude, at.longitude));
    if (around) {
      const centre = L.latLng(around.at.latitude, around.at.longitude);
      const circle = L.circle(centre, { renderer: this.ink, interactive: false, radius: around.radius, color: colour('--warn'), weight: 2, fillOpacity: 0.08 });
      circle.addTo(this.drawn);
      L.circleMarker(centre, { renderer: this.ink, interactive: false, radius: 6, color: colour('--warn'), weight: 3, fillOpacity: 1 }).addTo(this.drawn);
      const box = centre.toBounds(around.radius * 2);
      points.push(box.getNorthEast(), box.getSouthWest());
    }
    for (const { id, at, heading, marked } of pins) {
      const paint = colour(marked ? '--accent' : '--muted');
      if (heading !== undefined) {
        const outline = wedge(at, heading, ANGLE, REACH_M).map(({ latitude, longitude }) => L.latLng(latitude, longitude));
        L.polygon(outline, { renderer: this.ink, interactive: false, color: paint, weight: 1, fillOpacity: 0.25 }).addTo(this.drawn);
      }
      const pin = L.circleMarker([at.latitude, at.longitude], { renderer: this.ink, radius: 9, color: paint, weight: 3, fillColor: paint, fillOpacity: 0.6 });
      pin.on('click', () => this.onpick(id)).addTo(this.drawn);
    }
    const extent = points.map(({ lat, lng }) => `${lat},${lng}`).join(' ');
    if (extent === this.extent) return;
    this.extent = extent;
    this.fit();
  }

  private fit(): void {
    if (!this.extent) return;
    const bounds = L.latLngBounds(this.extent.split(' ').map((one) => one.split(',').map(Number) as [number, number]));
    this.map.fitBounds(bounds, { padding: [28, 28], maxZoom: 18, animate: false });
  }
}
