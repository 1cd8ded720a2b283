// The path of a trace on a small map: what was seen, numbered and with its time, joined in its order; cameras
// that did not see it, or of which it can't be told, as small marks.

import L from 'leaflet';
import './path.css';
import { SmallStage } from '../map/small-stage';
import type { PathMark, PathPoint } from './path';

export class PathStage extends SmallStage {
  private readonly ink = L.svg({ padding: 0.4 });
  private readonly drawn = L.layerGroup().addTo(this.map);
  private extent = '';

  override resized(): void {
    super.resized();
    this.fit();
  }

  set(points: PathPoint[], marks: PathMark[]): void {
    this.drawn.clearLayers();
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    for (const { latitude, longitude, verdict } of marks) {
      L.circleMarker([latitude, longitude], { renderer: this.ink, interactive: false, radius: 6, color: colour('--muted'), weight: 2, fill: verdict === 'not-seen', fillOpacity: 0.5 }).addTo(this.drawn);
    }
    const line = points.map(({ latitude, longitude }) => L.latLng(latitude, longitude));
    L.polyline(line, { renderer: this.ink, interactive: false, color: colour('--accent'), weight: 4, className: 'path-line' }).addTo(this.drawn);
    for (const { latitude, longitude, numbers, times } of points) {
      const disc = document.createElement('b');
      disc.textContent = numbers;
      const label = document.createElement('span');
      label.textContent = times;
      const html = document.createElement('div');
      html.append(disc, label);
      L.marker([latitude, longitude], { icon: L.divIcon({ html, className: 'path-point', iconSize: [0, 0] }), interactive: false, keyboard: false }).addTo(this.drawn);
    }
    const extent = [...points, ...marks].map(({ latitude, longitude }) => `${latitude},${longitude}`).join(' ');
    if (extent === this.extent) return;
    this.extent = extent;
    this.fit();
  }

  private fit(): void {
    if (!this.extent) return;
    const bounds = L.latLngBounds(this.extent.split(' ').map((one) => one.split(',').map(Number) as [number, number]));
    // To the right of a point is its time, and beyond it are the buttons.
    this.map.fitBounds(bounds, { paddingTopLeft: [32, 40], paddingBottomRight: [140, 40], maxZoom: 17, animate: false });
  }
}
