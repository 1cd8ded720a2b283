import { afterEach, expect, test, vi } from 'vitest';
import type { Unit } from './message';
import { paceOf, SoundPlayer } from './sound-player';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('sound that is behind is played faster, and left out where that is not enough', () => {
  expect(paceOf(0.1)).toBe(1);
  expect(paceOf(0.4)).toBe(1);
  expect(paceOf(0.6)).toBeGreaterThan(1);
  expect(paceOf(0.6)).toBeLessThan(1.1);
  expect(paceOf(1.5)).toBeNull();
});

/** A player whose browser takes what it is given: init part 255, then the first byte of each unit. */
function setUp() {
  const buffer = Object.assign(new EventTarget(), { mode: 'segments', updating: false, buffered: { length: 0 }, taken: [] as number[], modes: [] as string[], appendBuffer(bytes: Uint8Array) {
    this.taken.push(...bytes);
    this.modes.push(this.mode);
  } });
  const sources: EventTarget[] = [];
  vi.stubGlobal('document', { createElement: () => ({ removeAttribute: () => {}, load: () => {} }) });
  vi.stubGlobal('MediaSource', class extends EventTarget {
    static isTypeSupported = () => true;
    readyState = 'open';
    addSourceBuffer = () => buffer;
    constructor() {
      super();
      sources.push(this);
    }
  });
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:');
  const player = new SoundPlayer(() => {});
  player.announced(1, 'mp4a.40.2');
  const take = (sequence: number, init = false) =>
    player.take({ key: true, init, discontinuity: false, audio: true, stream: 1, sequence, captureUs: 0, payload: new Uint8Array([init ? 255 : sequence % 250]) } as Unit);
  return { take, buffer, open: () => sources[0]!.dispatchEvent(new Event('sourceopen')) };
}

test('sound whose times begin anew is put behind what was there before', () => {
  const { take, buffer, open } = setUp();
  take(0, true);
  open();
  take(1);
  expect(buffer.modes.length).toBe(2);
  expect(new Set(buffer.modes)).toEqual(new Set(['sequence']));
});

test('of sound that came before the browser was ready the newest is played', () => {
  const { take, buffer, open } = setUp();
  take(0, true);
  for (let i = 1; i <= 1_000; i++) take(i);
  open();
  expect([buffer.taken[0], buffer.taken.at(-1)]).toEqual([255, 1_000 % 250]);
  expect(buffer.taken.length).toBeLessThan(300);
});
