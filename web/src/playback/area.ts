// An area of the picture, in parts of it (0–1): how it is drawn by hand, moved by keys, and told to
// the server.

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What is looked at first by whoever has no finger to draw with. */
export const MIDDLE: Area = { left: 0.35, top: 0.35, right: 0.65, bottom: 0.65 };

const LEAST = 0.02;
const STEP = 0.05;

const part = (value: number) => Math.min(1, Math.max(0, value));

/** Where a picture of this shape lies within an element that shows all of it, in the element's pixels. */
export function pictureBox(element: { width: number; height: number }, picture: { width: number; height: number }): Box {
  if (!picture.width || !picture.height) return { left: 0, top: 0, ...element };
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { left: (element.width - width) / 2, top: (element.height - height) / 2, width, height };
}

/** The area between two opposite corners; null when it is too small to be meant. */
export function between(a: { x: number; y: number }, b: { x: number; y: number }, box: Box): Area | null {
  const x = (value: number) => part((value - box.left) / box.width);
  const y = (value: number) => part((value - box.top) / box.height);
  const area = { left: x(Math.min(a.x, b.x)), top: y(Math.min(a.y, b.y)), right: x(Math.max(a.x, b.x)), bottom: y(Math.max(a.y, b.y)) };
  return area.right - area.left < LEAST || area.bottom - area.top < LEAST ? null : area;
}

/** Moved by an arrow key, or with `grow` made larger (right, down) and smaller (left, up). */
export function stepped(area: Area, key: string, grow: boolean): Area {
  const dx = key === 'ArrowRight' ? STEP : key === 'ArrowLeft' ? -STEP : 0;
  const dy = key === 'ArrowDown' ? STEP : key === 'ArrowUp' ? -STEP : 0;
  if (grow) return { ...area, right: Math.max(area.left + STEP, part(area.right + dx)), bottom: Math.max(area.top + STEP, part(area.bottom + dy)) };
  const x = Math.max(-area.left, Math.min(1 - area.right, dx));
  const y = Math.max(-area.top, Math.min(1 - area.bottom, dy));
  return { left: area.left + x, right: area.right + x, top: area.top + y, bottom: area.bottom + y };
}

/** As the query `region` of docs/reference/motion.md. */
export function regionText({ left, top, right, bottom }: Area): string {
  return [left, top, right, bottom].map((value) => value.toFixed(3)).join(',');
}
