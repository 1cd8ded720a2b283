// What fingers, mouse and wheel mean on the timeline: a tap jumps, a drag moves along, two fingers
// or the wheel look closer, a drag on a handle moves what it belongs to.

import { momentAt, pan, positionOf, zoom, type View } from './view';

export type Handle = 'cursor' | 'from' | 'to';

export interface TimelineHost {
  view(): View;
  width(): number;
  /** below this the marks are gripped, above it the playhead: all three stay within reach; pixels */
  marksBelow(): number;
  /** Where the handles stand, those that there are. */
  handles(): Partial<Record<Handle, number>>;
  look(view: View): void;
  tap(ms: number, x: number, y: number): void;
  drag(handle: Handle, ms: number, done: boolean): void;
  hover(x: number | null, y: number): void;
}

/** A pointer that moves less than this between down and up is a tap. */
const TAP_PX = 6;
const REACH_PX = { mouse: 7, touch: 18 };

interface Held {
  x: number;
  startX: number;
}

export function attachGestures(element: HTMLElement, host: TimelineHost): () => void {
  const held = new Map<number, Held>();
  let moved = false;
  let grip: Handle | null = null;

  const place = (event: PointerEvent | WheelEvent) => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const gripAt = (x: number, y: number, touch: boolean): Handle | null => {
    const order: Handle[] = y > host.marksBelow() ? ['from', 'to'] : ['cursor'];
    const reach = touch ? REACH_PX.touch : REACH_PX.mouse;
    const handles = host.handles();
    let best: Handle | null = null;
    let nearest = reach;
    for (const name of order) {
      const ms = handles[name];
      if (ms === undefined) continue;
      const grips = name === 'from' ? 7 : name === 'to' ? -7 : 0;
      const distance = Math.abs(positionOf(host.view(), ms, host.width()) + grips - x);
      if (distance <= nearest) {
        nearest = distance;
        best = name;
      }
    }
    return best;
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    element.setPointerCapture(event.pointerId);
    if (held.size === 0) {
      moved = false;
      grip = gripAt(x, y, event.pointerType !== 'mouse');
    } else {
      moved = true;
      grip = null;
    }
    held.set(event.pointerId, { x, startX: x });
  };

  const move = (event: PointerEvent) => {
    const { x, y } = place(event);
    const pointer = held.get(event.pointerId);
    if (!pointer) {
      host.hover(event.pointerType === 'mouse' ? x : null, y);
      return;
    }
    host.hover(null, 0);
    if (Math.abs(x - pointer.startX) > TAP_PX) moved = true;
    const before = pointer.x;
    if (held.size === 2) {
      pinch(event.pointerId, before, x);
    } else if (moved && grip) {
      host.drag(grip, momentAt(host.view(), x, host.width()), false);
    } else if (moved) {
      const view = host.view();
      host.look(pan(view, ((before - x) / host.width()) * (view.to - view.from)));
    }
    pointer.x = x;
  };

  const pinch = (id: number, before: number, after: number) => {
    const other = [...held].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const apart = Math.max(8, Math.abs(after - other.x));
    const was = Math.max(8, Math.abs(before - other.x));
    host.look(zoom(host.view(), was / apart, momentAt(host.view(), other.x, host.width())));
  };

  const up = (event: PointerEvent) => {
    const pointer = held.get(event.pointerId);
    if (!pointer) return;
    held.delete(event.pointerId);
    if (held.size > 0) return;
    const ms = momentAt(host.view(), pointer.x, host.width());
    if (grip && moved) host.drag(grip, ms, true);
    else if (!moved && event.type === 'pointerup') host.tap(ms, pointer.x, place(event).y);
    grip = null;
  };

  const leave = () => host.hover(null, 0);

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const view = host.view();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      host.look(pan(view, (event.deltaX / host.width()) * (view.to - view.from)));
      return;
    }
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    host.look(zoom(view, 1.0018 ** (event.deltaY * lines), momentAt(view, place(event).x, host.width())));
  };

  element.addEventListener('pointerdown', down);
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', up);
  element.addEventListener('pointercancel', up);
  element.addEventListener('pointerleave', leave);
  element.addEventListener('wheel', wheel, { passive: false });
  return () => {
    element.removeEventListener('pointerdown', down);
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', up);
    element.removeEventListener('pointercancel', up);
    element.removeEventListener('pointerleave', leave);
    element.removeEventListener('wheel', wheel);
  };
}
