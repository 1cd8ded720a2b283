// What lies under the cameras: the site's own map where it has one, and a grid of round metres.

import L from 'leaflet';
import { gridStep, METRES_A_DEGREE } from './geometry';
import type { MapFeature, SiteMap } from './site-map.svelte';

/** Lines across the screen beyond which a grid is no help. */
const LINES_MOST = 60;

/** Colour and width at zoom 17, in the order drawn: areas, water, ways, borders. */
const KINDS: Record<string, { colour: string; width?: number; fill?: boolean; dashes?: string; from?: number }> = {
  field: { colour: '--map-field', fill: true },
  wood: { colour: '--map-wood', fill: true },
  lake: { colour: '--map-water', fill: true },
  river: { colour: '--map-water', width: 9 },
  stream: { colour: '--map-water', width: 3 },
  building: { colour: '--map-building', fill: true, from: 15 },
  path: { colour: '--map-path', width: 1.5, dashes: '3 4', from: 15 },
  track: { colour: '--map-path', width: 3, from: 13 },
  street: { colour: '--map-street', width: 6, from: 12 },
  road: { colour: '--map-road', width: 10 },
  boundary: { colour: '--map-boundary', width: 2, dashes: '8 6' },
};
const ORDER = Object.keys(KINDS);

export class Ground {
  private siteMap: SiteMap | null = null;
  private readonly layers: L.LayerGroup;
  private readonly names: L.LayerGroup;
  private readonly grid: L.LayerGroup;
  private readonly ink: L.Renderer;
  private readonly gridInk: L.Renderer;
  private box: L.LatLngBounds | null = null;

  constructor(private readonly map: L.Map) {
    map.createPane('ground').style.zIndex = '300';
    map.createPane('grid').style.zIndex = '290';
    map.createPane('places').style.zIndex = '450';
    this.ink = L.canvas({ pane: 'ground', padding: 0.4 });
    this.gridInk = L.canvas({ pane: 'grid', padding: 0.4 });
    this.grid = L.layerGroup().addTo(map);
    this.layers = L.layerGroup().addTo(map);
    this.names = L.layerGroup().addTo(map);
    map.on('moveend', () => this.drawGrid());
    map.on('zoomend', () => this.drawSiteMap());
    this.draw();
  }

  setSiteMap(siteMap: SiteMap | null): void {
    this.siteMap = siteMap;
    this.box = null;
    this.draw();
  }

  bounds(): L.LatLngBounds | null {
    return this.box;
  }

  draw(): void {
    this.drawGrid();
    this.drawSiteMap();
  }

  private drawGrid(): void {
    const style = getComputedStyle(document.documentElement);
    const color = style.getPropertyValue('--map-grid').trim();
    const middle = this.map.getCenter();
    const bounds = this.map.getBounds().pad(0.4);
    const wide = METRES_A_DEGREE * Math.max(0.01, Math.cos((middle.lat * Math.PI) / 180));
    const size = this.map.getSize();
    const step = gridStep((this.map.distance(bounds.getNorthWest(), bounds.getSouthWest()) / Math.max(1, size.y * 1.8)) || 1);
    this.grid.clearLayers();
    const options = { renderer: this.gridInk, pane: 'grid', interactive: false, color, weight: 1 };
    const lines = (from: number, to: number, by: number, line: (at: number) => L.LatLngExpression[]) => {
      if ((to - from) / by > LINES_MOST) return;
      for (let at = Math.ceil(from / by) * by; at < to; at += by) L.polyline(line(at), options).addTo(this.grid);
    };
    lines(bounds.getSouth(), bounds.getNorth(), step / METRES_A_DEGREE, (at) => [
      [at, bounds.getWest()],
      [at, bounds.getEast()],
    ]);
    lines(bounds.getWest(), bounds.getEast(), step / wide, (at) => [
      [bounds.getSouth(), at],
      [bounds.getNorth(), at],
    ]);
    this.map.getContainer().dataset['grid'] = String(step);
  }

  private drawSiteMap(): void {
    this.layers.clearLayers();
    this.names.clearLayers();
    const features = this.siteMap?.features ?? [];
    const zoom = this.map.getZoom();
    const style = getComputedStyle(document.documentElement);
    const rank = (feature: MapFeature) => ORDER.indexOf(feature.properties.kind);
    for (const feature of [...features].sort((a, b) => rank(a) - rank(b))) {
      if (feature.geometry.type === 'Point') {
        if (feature.properties.name && zoom >= 14) this.putName(feature.properties.name, feature.geometry.coordinates);
        continue;
      }
      const kind = KINDS[feature.properties.kind];
      if (!kind || zoom < (kind.from ?? 0)) continue;
      const color = style.getPropertyValue(kind.colour).trim();
      const weight = Math.max(1, (kind.width ?? 1) * 2 ** ((zoom - 17) * 0.6));
      const options: L.PathOptions = { renderer: this.ink, pane: 'ground', interactive: false, color, weight, fill: kind.fill ?? false, fillOpacity: 1, stroke: !kind.fill, ...(kind.dashes ? { dashArray: kind.dashes } : {}) };
      this.shapeOf(feature, options)?.addTo(this.layers);
    }
    if (!this.box && features.length > 0) this.box = this.boxOf(features);
  }

  private shapeOf({ geometry }: MapFeature, options: L.PathOptions): L.Layer | null {
    const flip = (depth: number) => L.GeoJSON.coordsToLatLngs(geometry.coordinates as unknown[], depth);
    if (geometry.type === 'LineString') return L.polyline(flip(0), options);
    if (geometry.type === 'MultiLineString') return L.polyline(flip(1), options);
    if (geometry.type === 'Polygon') return L.polygon(flip(1), options);
    if (geometry.type === 'MultiPolygon') return L.polygon(flip(2), options);
    return null;
  }

  private boxOf(features: MapFeature[]): L.LatLngBounds {
    const box = L.latLngBounds([]);
    const take = (coordinates: unknown): void => {
      const list = coordinates as unknown[];
      if (typeof list[0] === 'number') box.extend([list[1] as number, list[0]]);
      else list.forEach(take);
    };
    features.forEach(({ geometry }) => take(geometry.coordinates));
    return box;
  }

  private putName(name: string, [longitude, latitude]: number[]): void {
    const label = document.createElement('span');
    label.textContent = name;
    const icon = L.divIcon({ html: label, className: 'map-place', iconSize: [0, 0] });
    L.marker([latitude!, longitude!], { icon, pane: 'places', interactive: false, keyboard: false }).addTo(this.names);
  }
}
