import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { VideoConfig } from './fmp4';
import type { Unit } from './message';
import { MseDecoder } from './mse-decoder';

const SCALE = 90_000;
const PICTURES_S = 5;

function box(type: string, ...body: number[][]): number[] {
  const content = body.flat();
  const size = content.length + 8;
  return [size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255, ...[...type].map((c) => c.charCodeAt(0)), ...content];
}

/** A picture as the server sends it, and room for its time and its length. */
function picture(i: number, key: boolean, captureUs = 1e12 + (i * 1e6) / PICTURES_S): Unit {
  const trun = [0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  const payload = new Uint8Array([...box('moof', box('traf', box('tfdt', [1, 0, 0, 0], new Array<number>(8).fill(0)), box('trun', trun))), ...box('mdat', [+key])]);
  return { key, init: false, discontinuity: false, audio: false, stream: 1, sequence: i, captureUs, payload };
}

interface Sample {
  s: number;
  key: boolean;
}

/** A source buffer that removes as the standard says: on to the next key picture, to the end where there is none. */
class Buffer extends EventTarget {
  samples: Sample[] = [];
  updating = false;
  full = Infinity;
  appendBuffer(bytes: Uint8Array<ArrayBuffer>): void {
    const text = String.fromCharCode(...bytes);
    const view = new DataView(bytes.buffer);
    const found: Sample[] = [];
    for (let at = text.indexOf('tfdt'); at >= 0; at = text.indexOf('tfdt', at + 1)) {
      const data = text.indexOf('mdat', at) + 4;
      found.push({ s: Number(view.getBigUint64(at + 8)) / SCALE, key: bytes[data] === 1 });
    }
    if (this.samples.length + found.length > this.full) throw new DOMException('full', 'QuotaExceededError');
    this.samples.push(...found);
    this.work();
  }
  remove(from: number, to: number): void {
    const end = this.samples.find((sample) => sample.key && sample.s >= to)?.s ?? Infinity;
    this.samples = this.samples.filter((sample) => sample.s < from || sample.s >= end);
    this.work();
  }
  get buffered() {
    return { length: Math.min(1, this.samples.length), start: () => this.samples[0]!.s };
  }
  private work(): void {
    this.updating = true;
    queueMicrotask(() => {
      this.updating = false;
      this.dispatchEvent(new Event('updateend'));
    });
  }
}

const video = {
  at: 0,
  jumps: 0,
  seeking: false,
  paused: false,
  playbackRate: 1,
  onseeked: () => {},
  get currentTime() {
    return this.at;
  },
  set currentTime(s: number) {
    this.at = s;
    this.jumps++;
    this.seeking = true;
  },
  seeked() {
    this.seeking = false;
    this.onseeked();
  },
  requestVideoFrameCallback: () => 1,
  cancelVideoFrameCallback: () => {},
  removeAttribute: () => {},
  load: () => {},
};

let buffer: Buffer;
let failed: number;
let now: number;

class Source extends EventTarget {
  readyState = 'open';
  addSourceBuffer() {
    return buffer;
  }
}

beforeEach(() => {
  buffer = new Buffer();
  failed = now = 0;
  Object.assign(video, { at: 0, jumps: 0, seeking: false, playbackRate: 1 });
  vi.stubGlobal('document', { createElement: () => video, hidden: false });
  vi.stubGlobal('MediaSource', Source);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:');
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function opened(): MseDecoder {
  let source: Source | undefined;
  vi.stubGlobal('MediaSource', class extends Source {
    constructor() {
      super();
      source = this;
    }
  });
  const decoder = new MseDecoder({ picture: () => {}, failed: () => failed++ });
  decoder.configure('avc1.42c01e', new Uint8Array(8), { timescale: SCALE } as VideoConfig);
  source!.dispatchEvent(new Event('sourceopen'));
  return decoder;
}

const settled = () => new Promise((done) => setImmediate(done));

/** Pictures from `from` on for so many seconds, a key picture every `group` seconds; the player keeps up. */
async function play(decoder: MseDecoder, from: number, seconds: number, group: number): Promise<number> {
  let i = from;
  for (; i < from + seconds * PICTURES_S; i++) {
    decoder.push(picture(i, i % (group * PICTURES_S) === 0));
    await settled();
    video.at = i / PICTURES_S;
    video.seeked();
  }
  return i;
}

const has = (s: number) => buffer.samples.some((sample) => Math.abs(sample.s - s) < 0.01);

test('a group of pictures that lasts a minute is played to its end, and the one before goes', async () => {
  const decoder = opened();
  let next = await play(decoder, 0, 59, 60);
  expect([has(0), has(58)]).toEqual([true, true]);
  next = await play(decoder, next, 12, 60);
  expect([has(59), has(60), has(70), failed]).toEqual([false, true, true, 0]);
});

test('where key pictures are near each other the buffer stays small', async () => {
  await play(opened(), 0, 120, 2);
  expect(buffer.samples.length).toBeLessThan(20 * PICTURES_S);
  expect([has(112), has(119), failed]).toEqual([true, true, 0]);
});

test('a buffer that is full loses what has been played, and goes on', async () => {
  const decoder = opened();
  buffer.full = 7 * PICTURES_S;
  await play(decoder, 0, 30, 2);
  expect([has(29), failed]).toEqual([true, 0]);
});

test('a buffer that is full of what is still played begins anew with the next key picture', async () => {
  const decoder = opened();
  buffer.full = 20 * PICTURES_S;
  await play(decoder, 0, 30, 60);
  expect(failed).toBe(1);
});

test('a jump is not begun again while it lasts, and what it cost is caught up by playing faster', async () => {
  const decoder = opened();
  for (let i = 0; i < 300; i++) decoder.push(picture(i, i === 0));
  await settled();
  expect(video.jumps).toBe(1);
  for (let i = 300; i < 315; i++) {
    decoder.push(picture(i, false));
    await settled();
  }
  expect(video.jumps).toBe(1);
  now = 3_000;
  video.seeked();
  decoder.push(picture(315, false));
  await settled();
  expect([video.jumps, video.playbackRate]).toEqual([1, 2]);
  video.at = 315 / PICTURES_S;
  decoder.push(picture(316, true));
  video.at = 316 / PICTURES_S;
  await settled();
  expect(video.playbackRate).toBe(1);
});
