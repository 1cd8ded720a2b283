// Plane geometry of the map's drawing: wedges, cameras set apart, groups of cameras, the grid.

export interface Point {
  x: number;
  y: number;
}

export interface Degrees {
  latitude: number;
  longitude: number;
}

export const METRES_A_DEGREE = 111_320;
const RADIANS = Math.PI / 180;

/** The point so many metres away in a direction (degrees from north by east); for drawing, up to some km. */
export function away({ latitude, longitude }: Degrees, bearing: number, metres: number): Degrees {
  return {
    latitude: latitude + (metres * Math.cos(bearing * RADIANS)) / METRES_A_DEGREE,
    longitude: longitude + (metres * Math.sin(bearing * RADIANS)) / (METRES_A_DEGREE * Math.cos(latitude * RADIANS)),
  };
}

/** The outline of what a camera sees, its own place first; a full circle has no point in the middle. */
export function wedge(at: Degrees, heading: number, angle: number, reach: number): Degrees[] {
  const steps = Math.max(4, Math.ceil(angle / 8));
  const arc = Array.from({ length: steps + 1 }, (_, i) => away(at, heading - angle / 2 + (angle * i) / steps, reach));
  return angle >= 360 ? arc : [at, ...arc];
}

/** What a finger needs to hit one of two things. */
export const TOUCH_PX = 48;

/** Where the cameras of one location stand around it, pixels right and down, in the order of `headings`
 * (null: not known): each on the side to which it looks, as far as all keep a finger's room. */
export function spread(headings: (number | null)[]): Point[] {
  const count = headings.length;
  if (count < 2) return headings.map(() => ({ x: 0, y: 0 }));
  const order = headings.map((heading, at) => ({ heading: heading ?? 360 + at, at })).sort((a, b) => a.heading - b.heading);
  const first = (order[0]!.heading % 360) * RADIANS;
  const radius = TOUCH_PX / (2 * Math.sin(Math.PI / count));
  const points: Point[] = new Array(count);
  order.forEach(({ at }, turn) => {
    const angle = first + (2 * Math.PI * turn) / count;
    points[at] = { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) };
  });
  return points;
}

/** Groups of points that stand nearer to each other than a finger needs: indexes, each group in order. A
 * point joins the first group whose middle is near. */
export function groups(points: Point[], near = TOUCH_PX): number[][] {
  const found: { members: number[]; x: number; y: number }[] = [];
  points.forEach((point, index) => {
    const group = found.find(({ x, y }) => Math.hypot(x - point.x, y - point.y) < near);
    if (!group) {
      found.push({ members: [index], ...point });
      return;
    }
    const count = group.members.push(index);
    group.x += (point.x - group.x) / count;
    group.y += (point.y - group.y) / count;
  });
  return found.map(({ members }) => members);
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where the name of a camera stands: below its disc, as wide as stage.css lets it. */
export function nameBox({ x, y }: Point, name: string): Box {
  const width = Math.min(132, name.length * 7 + 12);
  const lines = Math.ceil((name.length * 7) / 120);
  return { left: x - width / 2, right: x + width / 2, top: y + 18, bottom: y + 20 + lines * 15 };
}

/** The disc of a camera. */
export function discBox({ x, y }: Point): Box {
  return { left: x - 16, right: x + 16, top: y - 16, bottom: y + 16 };
}

function overlap(a: Box, b: Box): boolean {
  return a.right > b.left && a.left < b.right && a.bottom > b.top && a.top < b.bottom;
}

/** Those boxes that overlap none taken before, in the order given, and no disc but their own. */
export function apart(boxes: Box[], order: number[], discs: Box[] = []): number[] {
  const taken: number[] = [];
  for (const at of order) {
    const box = boxes[at]!;
    const free = taken.every((other) => !overlap(box, boxes[other]!)) && discs.every((disc, other) => other === at || !overlap(box, disc));
    if (free) taken.push(at);
  }
  return taken;
}

/** Side of a square of the grid: a round number of metres, at least `px` pixels on the screen. */
export function gridStep(metresAPixel: number, px = 90): number {
  const least = metresAPixel * px;
  const ten = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * ten).find((step) => step >= least) ?? 10 * ten;
}

/** Where a camera looks: degrees from north by east, degrees from side to side, metres. */
export interface Aim {
  heading: number;
  angle: number;
  reach: number;
}

/** From one point to another nearby: direction and distance. */
export function towards(from: Degrees, to: Degrees): { bearing: number; metres: number } {
  const north = (to.latitude - from.latitude) * METRES_A_DEGREE;
  const east = (to.longitude - from.longitude) * METRES_A_DEGREE * Math.cos(from.latitude * RADIANS);
  return { bearing: (Math.atan2(east, north) / RADIANS + 360) % 360, metres: Math.hypot(north, east) };
}

/** The angle from side to side of which one side goes through `to`, 0 … 360. */
export function edgeAngle(at: Degrees, heading: number, to: Degrees): number {
  const off = (((towards(at, to).bearing - heading) % 360) + 360) % 360;
  return Math.round(2 * Math.min(off, 360 - off));
}
