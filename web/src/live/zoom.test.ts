import { expect, test, vi } from 'vitest';
import { attachZoom } from './zoom-gestures';
import { moved, SCALE_MOST, WHOLE, zoomAt, type Zoom } from './zoom';

test('what is under the finger stays under it', () => {
  const once = zoomAt(WHOLE, 2, 0.75, 0.25);
  expect(once).toEqual({ scale: 2, x: -0.75, y: -0.25 });
  const again = zoomAt(once, 2, 0.75, 0.25);
  expect((0.75 - again.x) / again.scale).toBeCloseTo(0.75);
  expect((0.25 - again.y) / again.scale).toBeCloseTo(0.25);
});

test('the picture covers the frame however far one goes', () => {
  expect(zoomAt(WHOLE, 0.1, 0.5, 0.5)).toEqual(WHOLE);
  expect(zoomAt(WHOLE, 100, 0, 0).scale).toBe(SCALE_MOST);
  expect(moved(zoomAt(WHOLE, 2, 0.5, 0.5), 5, -5)).toEqual({ scale: 2, x: 0, y: -1 });
  expect(zoomAt(zoomAt(WHOLE, 4, 1, 1), 0.25, 0, 0)).toEqual(WHOLE);
});

class FakeElement {}
vi.stubGlobal('Element', FakeElement);

/** A frame of 100 × 100 that is touched. */
function frame() {
  const listeners = new Map<string, (event: unknown) => void>();
  const element = {
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
    addEventListener: (name: string, then: (event: unknown) => void) => listeners.set(name, then),
    removeEventListener: (name: string) => listeners.delete(name),
    setPointerCapture: () => {},
  };
  const at = { zoom: WHOLE as Zoom, steps: [] as number[] };
  attachZoom(element as unknown as HTMLElement, { zoom: () => at.zoom, look: (zoom) => (at.zoom = zoom), swipe: (by) => void at.steps.push(by) });
  let now = 1_000;
  const pointer = (name: string, id: number, x: number, y: number, more = {}) =>
    listeners.get(name)!({ pointerId: id, pointerType: 'touch', button: 0, clientX: x, clientY: y, timeStamp: (now += 50), preventDefault: () => {}, ...more });
  const tap = (x: number, y: number) => (pointer('pointerdown', 1, x, y), pointer('pointerup', 1, x, y));
  return { at, pointer, tap };
}

test('two fingers drawn apart look closer', () => {
  const { at, pointer } = frame();
  pointer('pointerdown', 1, 40, 50);
  pointer('pointerdown', 2, 60, 50);
  pointer('pointermove', 2, 80, 50);
  expect(at.zoom.scale).toBeCloseTo(2);
  pointer('pointerup', 1, 40, 50);
  pointer('pointerup', 2, 80, 50);
  expect(at.steps).toEqual([]);
});

test('a double tap looks closer, another one sees the whole again', () => {
  const { at, tap } = frame();
  tap(30, 30);
  tap(31, 30);
  expect(at.zoom.scale).toBe(2.5);
  tap(50, 50);
  tap(50, 50);
  expect(at.zoom).toEqual(WHOLE);
});

test('a finger drawn across goes to the neighbour, but moves the picture of whoever looks closer', () => {
  const { at, pointer, tap } = frame();
  pointer('pointerdown', 1, 90, 50);
  pointer('pointermove', 1, 20, 52);
  pointer('pointerup', 1, 20, 52);
  expect(at.steps).toEqual([1]);
  tap(50, 50);
  tap(50, 50);
  const before = at.zoom.x;
  pointer('pointerdown', 1, 80, 50);
  pointer('pointermove', 1, 60, 50);
  pointer('pointerup', 1, 60, 50);
  expect(at.zoom.x).toBeCloseTo(before - 0.2);
  expect(at.steps).toEqual([1]);
});
