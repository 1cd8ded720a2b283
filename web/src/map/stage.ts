// The drawn map: Leaflet with the site's own lines, or a grid, below; what cameras see, and the cameras,
// above. Knows nothing of the app: it is given what to draw and tells what is chosen.

import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import './stage.css';
import { closeMap } from './close';
import { apart, discBox, groups, nameBox, spread, wedge, type Degrees, type Point } from './geometry';
import { Ground } from './ground';
import type { SiteMap } from './site-map.svelte';
import { SHAPES, type Mark } from './marks';

export interface StageCamera {
  id: string;
  name: string;
  /** said by a screen reader: name, place, state */
  label: string;
  mark: Mark;
  /** cameras of one location are set apart */
  location: string;
  at: Degrees;
  /** null: where it looks is not known */
  aim: { heading: number; angle: number; reach: number } | null;
}

export interface StageTells {
  camera: (id: string) => void;
  /** beside everything */
  nothing: () => void;
  /** a long press, or the other button of a mouse */
  place: (at: Degrees) => void;
  view: (view: StageView) => void;
  groupLabel: (count: number) => string;
}

export interface StageView {
  latitude: number;
  longitude: number;
  zoom: number;
}

/** From here on cameras of one location stand apart, what they see is drawn, and names are shown. */
const APART_ZOOM = 16;
const NAMES_ZOOM = 16;
const ZOOM_MOST = 19;
/** At the nearest, places a few metres apart are not to be had by going nearer: all are shown. */
const ALONE_ZOOM = 18;

const SVG = 'http://www.w3.org/2000/svg';
const WEDGE_COLOURS: Record<Mark, string> = {
  recording: '--map-seen',
  watched: '--map-seen',
  unrecorded: '--warn',
  lost: '--bad',
  paused: '--idle',
};

/** A camera where it is drawn at this zoom. */
interface Drawn {
  camera: StageCamera;
  at: L.LatLng;
}

export class MapStage {
  private readonly map: L.Map;
  private readonly ground: Ground;
  private readonly wedges: L.LayerGroup;
  private readonly icons = new Map<string, { marker: L.Marker; face: string }>();
  private readonly ink: L.Renderer;
  private cameras: StageCamera[] = [];
  private chosen = '';
  private here: L.Marker | null = null;
  private drawn: Drawn[] = [];

  constructor(
    private readonly element: HTMLElement,
    private readonly tells: StageTells,
    view: StageView | null,
  ) {
    this.map = L.map(element, {
      attributionControl: false,
      zoomControl: false,
      maxZoom: ZOOM_MOST,
      minZoom: 5,
      zoomSnap: 0.5,
      wheelPxPerZoomLevel: 90,
      zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
    this.map.createPane('wedges').style.zIndex = '410';
    this.ink = L.canvas({ pane: 'wedges', padding: 0.4 });
    this.wedges = L.layerGroup().addTo(this.map);
    this.map.setView(view ? [view.latitude, view.longitude] : [16, 107.5], view?.zoom ?? 6);
    this.ground = new Ground(this.map);
    L.control.scale({ imperial: false, position: 'bottomleft', maxWidth: 120 }).addTo(this.map);
    this.map.on('zoomend', () => this.draw());
    this.map.on('moveend', () => this.tellView());
    this.map.on('click', () => this.tells.nothing());
    this.map.on('contextmenu', ({ latlng }) => this.tells.place({ latitude: latlng.lat, longitude: latlng.lng }));
  }

  destroy(): void {
    closeMap(this.map);
  }

  /** The page gave the map another size. */
  resized(): void {
    this.map.invalidateSize({ pan: false });
  }

  setCameras(cameras: StageCamera[], chosen: string): void {
    this.cameras = cameras;
    this.chosen = chosen;
    this.draw();
  }

  setSiteMap(siteMap: SiteMap | null): void {
    this.ground.setSiteMap(siteMap);
  }

  /** The colours of the page changed. */
  recolour(): void {
    this.ground.draw();
    this.draw();
  }

  zoomBy(steps: number): void {
    this.map.setZoom(this.map.getZoom() + steps);
  }

  /** All cameras in sight; with none, what the site's map shows. */
  showAll(): void {
    const bounds = this.cameras.length > 0 ? L.latLngBounds(this.cameras.map(({ at }) => [at.latitude, at.longitude])) : this.ground.bounds();
    if (bounds?.isValid()) this.map.fitBounds(bounds, { padding: [48, 48], maxZoom: 17 });
  }

  /** One camera, near enough to tell from its neighbours; `below`: pixels hidden at the foot. */
  show({ latitude, longitude }: Degrees, below = 0): void {
    const zoom = Math.max(this.map.getZoom(), APART_ZOOM + 1);
    const middle = this.map.project([latitude, longitude], zoom).add([0, below / 2]);
    this.map.setView(this.map.unproject(middle, zoom), zoom);
  }

  middle(): Degrees {
    const { lat, lng } = this.map.getCenter();
    return { latitude: lat, longitude: lng };
  }

  /** Moves the map so that the point is not hidden by what stands at the foot, `below` pixels high. */
  lift({ latitude, longitude }: Degrees, below: number): void {
    const { y } = this.map.latLngToContainerPoint([latitude, longitude]);
    const under = y - (this.map.getSize().y - below) + 40;
    if (under > 0) this.map.panBy([0, under]);
  }

  /** Marks a point of the map; null: none. */
  setHere(at: Degrees | null): void {
    this.here?.remove();
    this.here = null;
    if (!at) return;
    const cross = document.createElement('span');
    const icon = L.divIcon({ html: cross, className: 'map-here', iconSize: [32, 32] });
    this.here = L.marker([at.latitude, at.longitude], { icon, keyboard: false, interactive: false, zIndexOffset: 500 }).addTo(this.map);
  }

  private tellView(): void {
    const { lat, lng } = this.map.getCenter();
    this.tells.view({ latitude: lat, longitude: lng, zoom: this.map.getZoom() });
  }

  // --- cameras ---

  private draw(): void {
    const zoom = this.map.getZoom();
    this.drawn = this.setApart(zoom);
    this.drawWedges(zoom);
    const points = this.drawn.map(({ at }) => this.map.project(at, zoom));
    const kept = new Set<string>();
    const named = zoom >= NAMES_ZOOM ? this.withNames(points) : new Set<number>();
    for (const members of groups(points, zoom >= ALONE_ZOOM ? 1 : undefined)) {
      const one = this.drawn[members[0]!]!;
      if (members.length === 1) kept.add(this.putCamera(one, named.has(members[0]!)));
      else kept.add(this.putGroup(members.map((at) => this.drawn[at]!)));
    }
    for (const [key, { marker }] of this.icons) {
      if (kept.has(key)) continue;
      marker.remove();
      this.icons.delete(key);
    }
    this.element.dataset['shown'] = String(kept.size);
  }

  /** Those whose names have room; the chosen one first. */
  private withNames(points: Point[]): Set<number> {
    const boxes = this.drawn.map(({ camera }, at) => nameBox(points[at]!, camera.name));
    const order = this.drawn.map((_, at) => at).sort((a, b) => Number(this.drawn[b]!.camera.id === this.chosen) - Number(this.drawn[a]!.camera.id === this.chosen));
    return new Set(apart(boxes, order, points.map(discBox)));
  }

  private setApart(zoom: number): Drawn[] {
    const drawn = this.cameras.map((camera) => ({ camera, at: L.latLng(camera.at.latitude, camera.at.longitude) }));
    if (zoom < APART_ZOOM) return drawn;
    const byLocation = new Map<string, Drawn[]>();
    for (const one of drawn) byLocation.set(one.camera.location, [...(byLocation.get(one.camera.location) ?? []), one]);
    for (const together of byLocation.values()) {
      const steps = spread(together.map(({ camera }) => camera.aim?.heading ?? null));
      together.forEach((one, index) => {
        const point = this.map.project(one.at, zoom).add([steps[index]!.x, steps[index]!.y]);
        one.at = this.map.unproject(point, zoom);
      });
    }
    return drawn;
  }

  private drawWedges(zoom: number): void {
    this.wedges.clearLayers();
    if (zoom < APART_ZOOM - 1) return;
    const style = getComputedStyle(document.documentElement);
    for (const { camera, at } of this.drawn) {
      if (!camera.aim) continue;
      const { heading, angle, reach } = camera.aim;
      const outline = wedge({ latitude: at.lat, longitude: at.lng }, heading, angle, reach).map(({ latitude, longitude }) => L.latLng(latitude, longitude));
      const color = style.getPropertyValue(WEDGE_COLOURS[camera.mark]).trim();
      const strong = camera.id === this.chosen;
      L.polygon(outline, { renderer: this.ink, pane: 'wedges', interactive: false, color, weight: strong ? 2 : 1, opacity: strong ? 1 : 0.6, fillOpacity: strong ? 0.38 : 0.2 }).addTo(this.wedges);
    }
  }

  private putCamera({ camera, at }: Drawn, named: boolean): string {
    const face = [camera.mark, camera.name, camera.label, camera.aim?.heading ?? '', named, camera.id === this.chosen].join('\n');
    this.put(camera.id, at, face, camera.id === this.chosen ? 1000 : 0, () => {
      const button = this.button(camera.label, 'map-camera', () => this.tells.camera(camera.id));
      button.dataset['mark'] = camera.mark;
      button.dataset['camera'] = camera.id;
      if (camera.id === this.chosen) button.setAttribute('aria-current', 'true');
      button.append(cameraFace(camera));
      if (named) {
        const name = document.createElement('span');
        name.className = 'name';
        name.textContent = camera.name;
        button.append(name);
      }
      return button;
    });
    return camera.id;
  }

  private putGroup(members: Drawn[]): string {
    const key = members.map(({ camera }) => camera.id).join();
    const bounds = L.latLngBounds(members.map(({ at }) => at));
    const troubled = members.filter(({ camera }) => camera.mark === 'lost' || camera.mark === 'unrecorded').length;
    const worst = members.some(({ camera }) => camera.mark === 'lost') ? 'lost' : troubled ? 'unrecorded' : 'recording';
    const label = this.tells.groupLabel(members.length);
    this.put(key, bounds.getCenter(), [worst, label].join('\n'), 0, () => {
      const button = this.button(label, 'map-group', () => this.goInto(bounds));
      button.dataset['mark'] = worst;
      const count = document.createElement('span');
      count.textContent = String(members.length);
      button.append(count);
      if (worst !== 'recording') button.append(shape(worst, 'trouble'));
      return button;
    });
    return key;
  }

  /** Near enough that the group falls apart. */
  private goInto(bounds: L.LatLngBounds): void {
    const fit = this.map.getBoundsZoom(bounds, false, L.point(96, 96));
    const zoom = Math.min(ALONE_ZOOM, Math.max(this.map.getZoom() + 1, Math.min(fit, ALONE_ZOOM)));
    this.map.setView(bounds.getCenter(), zoom);
  }

  /** Makes the icon, or moves it; an icon whose face is as it was keeps its element, and the focus. */
  private put(key: string, at: L.LatLng, face: string, above: number, make: () => HTMLElement): void {
    const known = this.icons.get(key);
    if (known?.face === face) {
      known.marker.setLatLng(at);
      return;
    }
    const focused = known?.marker.getElement()?.contains(document.activeElement);
    const element = make();
    const icon = L.divIcon({ html: element, className: 'map-icon', iconSize: [48, 48] });
    if (known) known.marker.setLatLng(at).setIcon(icon);
    const marker = known?.marker ?? L.marker(at, { icon, keyboard: false, interactive: false }).addTo(this.map);
    marker.setZIndexOffset(above);
    this.icons.set(key, { marker, face });
    if (focused) element.focus();
  }

  /** A real button, so that keys and readers find it; a drag that begins on it moves the map. */
  private button(label: string, className: string, act: () => void): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = className;
    button.setAttribute('aria-label', label);
    let from = { x: 0, y: 0 };
    button.addEventListener('pointerdown', ({ clientX, clientY }) => (from = { x: clientX, y: clientY }));
    button.addEventListener('click', (event) => {
      event.stopPropagation();
      const moved = event.detail > 0 && Math.hypot(event.clientX - from.x, event.clientY - from.y) > 10;
      if (!moved) act();
    });
    return button;
  }
}

function shape(mark: Mark, className: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[mark]);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}

/** The disc with its shape, and a nose to where it looks. */
function cameraFace(camera: StageCamera): HTMLElement {
  const face = document.createElement('span');
  face.className = 'face';
  if (camera.aim && camera.aim.angle < 360) {
    const nose = document.createElement('span');
    nose.className = 'nose';
    nose.style.transform = `rotate(${camera.aim.heading}deg)`;
    face.append(nose);
  }
  face.append(shape(camera.mark, 'shape'));
  return face;
}
