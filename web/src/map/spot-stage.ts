// The small map on which a place, and where a camera looks, are set by hand: a point that is dragged, a
// handle at the far end of what it sees (direction and reach), one at its edge (angle).

import L from 'leaflet';
import { away, edgeAngle, towards, wedge, type Aim, type Degrees } from './geometry';
import type { SiteMap } from './site-map.svelte';
import { SmallStage } from './small-stage';

export interface SpotTells {
  place: (at: Degrees) => void;
  aim: (aim: Aim) => void;
}

const ANGLE_LEAST = 5;
const REACH_LEAST = 5;
export const REACH_MOST = 2000;

export class SpotStage extends SmallStage {
  private readonly ink: L.Renderer;
  private readonly seen: L.LayerGroup;
  private readonly others: L.LayerGroup;
  private readonly point: L.Marker;
  private readonly tip: L.Marker;
  private readonly edge: L.Marker;
  private at: Degrees | null = null;
  private aim: Aim | null = null;

  constructor(
    element: HTMLElement,
    private readonly tells: SpotTells,
    movable: boolean,
    changeable: boolean,
  ) {
    super(element);
    this.map.createPane('wedges').style.zIndex = '410';
    this.ink = L.canvas({ pane: 'wedges', padding: 0.4 });
    this.others = L.layerGroup().addTo(this.map);
    this.seen = L.layerGroup().addTo(this.map);
    this.point = this.handle('spot-point', movable, ({ latitude, longitude }) => this.tells.place({ latitude, longitude }));
    this.tip = this.handle('spot-tip', changeable, (to) => this.aimAt(to));
    this.edge = this.handle('spot-edge', changeable, (to) => {
      if (this.at && this.aim) this.tells.aim({ ...this.aim, angle: Math.max(ANGLE_LEAST, edgeAngle(this.at, this.aim.heading, to)) });
    });
    this.map.on('click', ({ latlng }) => {
      const to = { latitude: latlng.lat, longitude: latlng.lng };
      if (movable) this.tells.place(to);
      else if (changeable && this.aim) this.aimAt(to);
    });
  }

  override setSiteMap(siteMap: SiteMap | null): void {
    super.setSiteMap(siteMap);
    const bounds = this.ground.bounds();
    if (!this.at && bounds) this.map.fitBounds(bounds, { animate: false }); // else its end would undo a place that is set meanwhile
  }

  /** Places that are there already, for finding one's way. */
  setOthers(others: Degrees[]): void {
    this.others.clearLayers();
    const color = getComputedStyle(document.documentElement).getPropertyValue('--muted').trim();
    for (const { latitude, longitude } of others) L.circleMarker([latitude, longitude], { renderer: this.ink, pane: 'wedges', interactive: false, radius: 5, color, weight: 2, fillOpacity: 0.4 }).addTo(this.others);
    if (!this.at && others.length > 0) this.map.fitBounds(L.latLngBounds(others.map(({ latitude, longitude }) => [latitude, longitude])), { padding: [24, 24], maxZoom: 16, animate: false });
  }

  set(at: Degrees | null, aim: Aim | null): void {
    const first = at !== null && this.at === null;
    this.at = at;
    this.aim = aim;
    this.show(this.point, at);
    this.show(this.tip, at && aim ? away(at, aim.heading, aim.reach) : null);
    this.show(this.edge, at && aim && aim.angle < 360 ? away(at, aim.heading + aim.angle / 2, aim.reach * 0.8) : null);
    this.seen.clearLayers();
    if (!at) return;
    if (aim) {
      const color = getComputedStyle(document.documentElement).getPropertyValue('--map-seen').trim();
      const outline = wedge(at, aim.heading, aim.angle, aim.reach).map(({ latitude, longitude }) => L.latLng(latitude, longitude));
      L.polygon(outline, { renderer: this.ink, pane: 'wedges', interactive: false, color, weight: 2, fillOpacity: 0.3 }).addTo(this.seen);
    }
    if (first) this.map.setView([at.latitude, at.longitude], aim ? 18 : 17, { animate: false });
  }

  private aimAt(to: Degrees): void {
    if (!this.at || !this.aim) return;
    const { bearing, metres } = towards(this.at, to);
    this.tells.aim({ ...this.aim, heading: Math.round(bearing) % 360, reach: Math.min(REACH_MOST, Math.max(REACH_LEAST, Math.round(metres))) });
  }

  private handle(className: string, draggable: boolean, moved: (to: Degrees) => void): L.Marker {
    const icon = L.divIcon({ html: '<span></span>', className: `spot ${className}`, iconSize: [48, 48] });
    const marker = L.marker([0, 0], { icon, draggable, keyboard: false, interactive: draggable, autoPan: draggable });
    marker.on('drag', () => {
      const { lat, lng } = marker.getLatLng();
      moved({ latitude: lat, longitude: lng });
    });
    return marker;
  }

  private show(marker: L.Marker, at: Degrees | null): void {
    if (!at) {
      marker.remove();
      return;
    }
    marker.setLatLng([at.latitude, at.longitude]);
    if (!this.map.hasLayer(marker)) marker.addTo(this.map);
  }
}
