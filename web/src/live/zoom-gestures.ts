// What fingers, mouse and wheel mean on a picture: two fingers, the wheel or a double tap look
// closer; a finger drawn across then moves the picture, and else goes to the neighbour.

import { CLOSER, moved, WHOLE, zoomAt, type Zoom } from './zoom';

export interface ZoomHost {
  zoom(): Zoom;
  look(zoom: Zoom): void;
  /** To the camera before (-1) or after (1). */
  swipe(by: number): void;
}

const SWIPE_PX = 56;
const TAP_PX = 10;
const DOUBLE_MS = 350;
const DOUBLE_PX = 32;

interface Point {
  x: number;
  y: number;
}

const apart = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

export function attachZoom(element: HTMLElement, host: ZoomHost): () => void {
  const held = new Map<number, Point>();
  let from: Point | null = null; // where the one finger came down
  let tapped: (Point & { at: number }) | null = null;

  const place = (event: PointerEvent | WheelEvent): Point => ({ x: event.clientX, y: event.clientY });
  const inFrame = ({ x, y }: Point): Point => {
    const box = element.getBoundingClientRect();
    return { x: (x - box.left) / box.width, y: (y - box.top) / box.height };
  };
  const closer = (factor: number, at: Point) => {
    const { x, y } = inFrame(at);
    host.look(zoomAt(host.zoom(), factor, x, y));
  };
  const shift = (by: Point) => {
    const box = element.getBoundingClientRect();
    host.look(moved(host.zoom(), by.x / box.width, by.y / box.height));
  };

  const down = (event: PointerEvent) => {
    const onButton = event.target instanceof Element && event.target.closest('button');
    if (event.button !== 0 || onButton) return;
    held.set(event.pointerId, place(event));
    from = held.size === 1 ? place(event) : null;
    if (held.size === 2 || host.zoom().scale > 1) element.setPointerCapture(event.pointerId);
  };

  const move = (event: PointerEvent) => {
    const before = held.get(event.pointerId);
    if (!before) return;
    const after = place(event);
    const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
    held.set(event.pointerId, after);
    if (other) {
      const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
      closer(apart(after, other) / Math.max(1, apart(before, other)), middle);
      shift({ x: (after.x - before.x) / 2, y: (after.y - before.y) / 2 });
    } else if (host.zoom().scale > 1) {
      shift({ x: after.x - before.x, y: after.y - before.y });
    }
  };

  const tap = (at: Point, time: number) => {
    const again = tapped && time - tapped.at < DOUBLE_MS && apart(tapped, at) < DOUBLE_PX;
    tapped = again ? null : { ...at, at: time };
    if (!again) return;
    if (host.zoom().scale > 1) host.look(WHOLE);
    else closer(CLOSER, at);
  };

  const up = (event: PointerEvent) => {
    const at = place(event);
    if (!held.delete(event.pointerId) || !from) return;
    const [x, y] = [at.x - from.x, at.y - from.y];
    const far = Math.abs(x) > SWIPE_PX && Math.abs(x) > 2 * Math.abs(y);
    if (apart(at, from) < TAP_PX) tap(at, event.timeStamp);
    else if (far && event.pointerType !== 'mouse' && host.zoom().scale === 1) host.swipe(x < 0 ? 1 : -1);
    from = null;
  };

  const cancel = (event: PointerEvent) => {
    held.delete(event.pointerId);
    from = null;
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    closer(Math.exp(-event.deltaY / 300), place(event));
  };

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', cancel);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', cancel);
    element.removeEventListener('wheel', wheel);
  };
}
