import { expect, test } from 'vitest';
import { avcName, firstSample, partAt, partOf, type Part } from './key-pictures';

function box(type: string, body: number[]): number[] {
  const whole = 8 + body.length;
  return [0, 0, whole >> 8, whole & 255, ...[...type].map((c) => c.charCodeAt(0)), ...body];
}

/** Two samples of 5 and 3 bytes, as the recorder writes them: with data offset, durations and sizes. */
const trun = [0, 0, 0x03, 0x01, 0, 0, 0, 2, 0, 0, 0, 0x40, 0, 0, 0, 9, 0, 0, 0, 5, 0, 0, 0, 9, 0, 0, 0, 3];
const moof = box('moof', [...box('mfhd', [0, 0, 0, 0, 0, 0, 0, 1]), ...box('traf', [...box('tfhd', Array<number>(8).fill(0)), ...box('trun', trun)])]);
const part = Uint8Array.from([...box('prft', Array<number>(24).fill(0)), ...moof, ...box('mdat', [1, 2, 3, 4, 5, 6, 7, 8])]);

test('the first sample of a part is the key picture alone', () => {
  expect(firstSample(part)).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
});

test('of a part that is cut short it says how much more is needed', () => {
  const needed = part.byteLength - 3;
  expect(firstSample(part.subarray(0, part.byteLength - 5))).toBe(needed);
  expect(firstSample(part.subarray(0, needed))).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  expect(firstSample(part.subarray(0, 40))).toBe(32 + moof.length + 8);
});

test('what is no part has no sample', () => {
  expect(firstSample(Uint8Array.from([0, 0, 0, 3, ...part]))).toBeNull();
  expect(firstSample(Uint8Array.from(box('mdat', [1, 2, 3])))).toBeNull();
});

test('the codec is named by its profile and level', () => {
  expect(avcName(Uint8Array.of(1, 0x64, 0x00, 0x1f, 0xff))).toBe('avc1.64001f');
});

const listed = { programDateTime: 5_000, duration: 2, byteRange: [700, 900] as [number, number], initSegment: { url: '/segments/a.mp4', byteRange: [0, 700] as [number, number] } };

test('a part of a file is a range of it, and one that is made is asked for its key picture alone', () => {
  expect(partOf({ ...listed, url: '/segments/a.mp4' })).toEqual({
    from: 5_000, to: 7_000, url: '/segments/a.mp4', start: 700, end: 900, init: { url: '/segments/a.mp4', start: 0, end: 700 },
  });
  expect(partOf({ ...listed, url: '/x/h264/a.mp4?part=700', byteRange: [], initSegment: { url: '/x/h264/a.mp4', byteRange: [] } })).toEqual({
    from: 5_000, to: 7_000, url: '/x/h264/a.mp4?part=700&pictures=key', start: 0, end: Infinity, init: { url: '/x/h264/a.mp4', start: 0, end: Infinity },
  });
  expect(partOf({ ...listed, url: '/segments/a.mp4', programDateTime: null })).toBeNull();
});

test('a moment belongs to one part, and in a gap to none', () => {
  const at = (from: number, to: number): Part => ({ from, to, url: 'a', start: from, end: to, init: { url: 'a', start: 0, end: 9 } });
  const parts = [at(0, 2_000), at(2_000, 4_000), at(9_000, 11_000)];
  expect(partAt(parts, 2_000)?.from).toBe(2_000);
  expect(partAt(parts, 5_000)).toBeNull();
});
