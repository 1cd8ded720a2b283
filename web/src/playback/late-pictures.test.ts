import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { KeyPictures, type Part } from './key-pictures';
import { Lane } from './lane.svelte';

/** A line that answers with a part, breaks, or hangs until it is given up. */
const line = vi.hoisted(() => ({ is: 'good' as 'good' | 'broken' | 'hanging', asked: [] as string[] }));
vi.mock('../api/client', async (real) => ({
  ...(await real<object>()),
  request: (url: string, { signal }: { signal: AbortSignal }) => {
    line.asked.push(url);
    if (line.is === 'good') return Promise.resolve(new Response(new Uint8Array(64)));
    if (line.is === 'broken') return Promise.reject(new TypeError());
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
  },
}));
vi.mock('../live/fmp4', async (real) => ({ ...(await real<object>()), videoConfig: () => ({ hevc: false, description: new Uint8Array(4) }) }));

const PART_MS = 2_000;
const part = (n: number): Part => ({ from: n * PART_MS, to: (n + 1) * PART_MS, url: `/${n}.mp4`, start: 0, end: 64, init: { url: '/init', start: 0, end: 9 } });
const PARTS = Array.from({ length: 1_000 }, (_, n) => part(n));
vi.mock('./player', () => ({
  Player: class {
    jump() {}
    run() {}
    destroy() {}
    parts() {
      return PARTS;
    }
    covers() {
      return 'yes';
    }
  },
}));

/** A part of one key picture of 8 bytes, as far as `firstSample` reads it. */
function partBytes(): Uint8Array<ArrayBuffer> {
  const box = (type: string, body: number[]): number[] => [0, 0, 0, 8 + body.length, ...[...type].map((c) => c.charCodeAt(0)), ...body];
  const trun = [0, 0, 2, 0, 0, 0, 0, 1, 0, 0, 0, 8];
  return Uint8Array.from([...box('moof', box('traf', box('trun', trun))), ...box('mdat', Array<number>(8).fill(1))]);
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(line, { is: 'good', asked: [] });
  vi.stubGlobal('Response', class {
    arrayBuffer = () => Promise.resolve(partBytes().buffer);
  });
  vi.stubGlobal('EncodedVideoChunk', class {});
  vi.stubGlobal('VideoDecoder', class {
    state = 'unconfigured';
    constructor(private readonly to: { output: (frame: object) => void }) {}
    configure() {
      this.state = 'configured';
    }
    decode() {
      this.to.output({ displayWidth: 0, displayHeight: 0, close() {} });
    }
    flush() {
      return Promise.resolve();
    }
    close() {
      this.state = 'closed';
    }
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('a line that hangs is given up after ten seconds, and what is wanted by then is shown', async () => {
  let drawn = 0;
  const keys = new KeyPictures(() => (drawn += 1));
  line.is = 'hanging';
  keys.show(part(0));
  keys.show(part(3));
  await vi.advanceTimersByTimeAsync(9_900);
  expect([drawn, line.asked.length]).toEqual([0, 1]);
  line.is = 'good';
  await vi.advanceTimersByTimeAsync(2_000);
  expect([drawn, keys.behind(7_000), keys.behind(9_000)]).toEqual([1, 0, 1_000]);
});

it('a picture that did not come is asked for again, no more often than each second, until it is not wanted any more', async () => {
  const keys = new KeyPictures(() => {});
  line.is = 'broken';
  keys.show(part(0));
  for (let i = 0; i < 100; i++) {
    await vi.advanceTimersByTimeAsync(40);
    keys.show(part(0));
  }
  expect(line.asked.length).toBeGreaterThan(2);
  expect(line.asked.length).toBeLessThan(7);
  keys.show(null);
  const asked = line.asked.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(line.asked.length).toBe(asked);
});

/** What a lane says to a clock that runs at ×16 from `at`, or is held, for so many seconds. */
async function run(lane: Lane, at: number, seconds: number): Promise<{ at: number; said: string[] }> {
  const said: string[] = [];
  for (let i = 0; i < seconds * 25; i++) {
    const what = lane.follow(at, true, 16, true);
    if (said.at(-1) !== what) said.push(what);
    await vi.advanceTimersByTimeAsync(40);
    if (what !== 'wait') at += 40 * 16;
  }
  return { at, said };
}

it('at ×16 the clock waits for pictures that do not come, no longer than for any camera, and the lane says so until they come', async () => {
  const lane = new Lane('bridge');
  const context = { drawImage() {} };
  lane.attach({} as HTMLVideoElement, { getContext: () => context } as unknown as HTMLCanvasElement, 10_000);
  const good = await run(lane, 10_000, 10);
  expect([good.said, lane.late]).toEqual([['free'], false]);
  line.is = 'hanging';
  const waiting = await run(lane, good.at, 6);
  expect([waiting.said, lane.late]).toEqual([['free', 'wait'], false]);
  const late = await run(lane, waiting.at, 4);
  expect([late.said, lane.late]).toEqual([['wait', 'free'], true]);
  line.is = 'good';
  const back = await run(lane, late.at, 7);
  expect([back.said, lane.late]).toEqual([['free'], false]);
});
