import { expect, test } from 'vitest';
import { boxes } from '../mp4/boxes';
import { retimed, sampleOf, videoConfig } from './fmp4';

type Bytes = Uint8Array<ArrayBuffer>;

function join(...parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

function box(type: string, ...body: Bytes[]): Bytes {
  const content = join(...body);
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint32(0, content.byteLength + 8);
  for (let i = 0; i < 4; i++) head[4 + i] = type.charCodeAt(i);
  return join(head, content);
}

function init(entry: string, config: Bytes): Bytes {
  const fields = new Uint8Array(78);
  new DataView(fields.buffer).setUint16(24, 1920);
  new DataView(fields.buffer).setUint16(26, 1080);
  const mdhd = new Uint8Array(24);
  new DataView(mdhd.buffer).setUint32(12, 90_000);
  const stsd = box('stsd', new Uint8Array(8), box(entry, fields, box('pasp', new Uint8Array(8)), config));
  const minf = box('minf', box('vmhd', new Uint8Array(12)), box('stbl', stsd));
  return join(box('ftyp', new Uint8Array(8)), box('moov', box('mvhd', new Uint8Array(100)), box('trak', box('mdia', box('mdhd', mdhd), minf))));
}

const CONFIG = new Uint8Array([1, 0x64, 0, 0x28, 0xff]);

test('the configuration of an H.264 stream is found in its init part', () => {
  expect(videoConfig(init('avc1', box('avcC', CONFIG)))).toEqual({
    description: CONFIG,
    hevc: false,
    width: 1920,
    height: 1080,
    timescale: 90_000,
  });
});

test('the configuration of an H.265 stream is found in its init part', () => {
  const config = videoConfig(init('hvc1', box('hvcC', CONFIG)));
  expect(config?.hevc).toBe(true);
  expect(config?.description).toEqual(CONFIG);
});

test('an init part without video, or cut short, has no configuration', () => {
  const whole = init('avc1', box('avcC', CONFIG));
  expect(videoConfig(init('mp4a', box('esds', CONFIG)))).toBeNull();
  for (let size = 0; size < whole.byteLength; size++) expect(videoConfig(whole.slice(0, size))).toBeNull();
});

/** A fragment as the server sends it: one sample with a duration, behind where the data begins and the sample's flags. */
function fragment(tfdt: number[], trunFlags: number, trun: number[]): Bytes {
  const head = [1, trunFlags >> 16, (trunFlags >> 8) & 255, trunFlags & 255, 0, 0, 0, 1];
  const traf = box('traf', box('tfdt', new Uint8Array(tfdt)), box('trun', new Uint8Array([...head, ...trun])));
  return join(box('moof', box('mfhd', new Uint8Array(8)), traf), box('mdat', new Uint8Array([0, 0, 0, 1, 0x65])));
}
const LONG_TIME = [1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0];

test('a fragment gives its sample', () => {
  expect(sampleOf(fragment(LONG_TIME, 0x100, [0, 0, 0x17, 0x70]))).toEqual(new Uint8Array([0, 0, 0, 1, 0x65]));
});

test('a fragment is put elsewhere in time, and the one it was made of stays', () => {
  const before = fragment(LONG_TIME, 0x101, [0, 0, 0, 108, 0, 0, 0x17, 0x70]);
  const same = before.slice();
  expect(retimed(before, 256, 22_500)).toEqual(fragment([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0], 0x101, [0, 0, 0, 108, 0, 0, 0x57, 0xe4]));
  expect(before).toEqual(same);
  expect(retimed(fragment(LONG_TIME, 0x104, [1, 2, 3, 4, 0, 0, 0, 1]), 0, 2)).toEqual(fragment([1, ...LONG_TIME.slice(1).fill(0)], 0x104, [1, 2, 3, 4, 0, 0, 0, 2]));
});

test('a fragment that has no room for its time is not changed', () => {
  const long = [0, 0, 0x17, 0x70];
  expect(retimed(fragment([0, 0, 0, 0, 0, 0, 1, 0], 0x100, long), 1, 1)).toBeNull();
  expect(retimed(fragment(LONG_TIME.slice(0, 8), 0x100, long), 1, 1)).toBeNull();
  expect(retimed(fragment(LONG_TIME, 0x200, long), 1, 1)).toBeNull();
  expect(retimed(fragment(LONG_TIME, 0x100, []), 1, 1)).toBeNull();
  expect(retimed(box('moof', box('traf')), 1, 1)).toBeNull();
});

test('a fragment without data gives no sample', () => {
  expect(sampleOf(box('moof'))).toBeNull();
  expect(sampleOf(box('mdat'))).toBeNull();
});

test('sizes that lie end the reading', () => {
  expect([...boxes(new Uint8Array([0, 0, 0, 4, 1, 1, 1, 1]))]).toEqual([]);
  expect([...boxes(new Uint8Array([0xff, 0xff, 0xff, 0xff, 1, 1, 1, 1]))]).toEqual([]);
});
