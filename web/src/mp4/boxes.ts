// Reads the boxes of our fragmented MP4 (ISO/IEC 14496-12 §4.2), and the tables of its fragments. Bytes may come from anyone:
// a box that makes no sense ends the reading.

export type Bytes = Uint8Array<ArrayBuffer>;

export const VIDEO_TRACK = 1;
export const SOUND_TRACK = 2;

export interface Box {
  type: string;
  body: Bytes;
}

export const viewOf = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The boxes of `bytes`, one after another; stops at the first that does not fit. */
export function* boxes(bytes: Bytes): Generator<Box> {
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + view.getUint32(at);
    if (end < at + 8 || end > bytes.length) return;
    yield { type: String.fromCharCode(...bytes.subarray(at + 4, at + 8)), body: bytes.subarray(at + 8, end) };
    at = end;
  }
}

/** The body of the first box at this path, or null. */
export function boxAt(bytes: Bytes, ...path: string[]): Bytes | null {
  let body: Bytes | null = bytes;
  for (const name of path) {
    let found: Bytes | null = null;
    for (const box of boxes(body))
      if (box.type === name) {
        found = box.body;
        break;
      }
    if (!found) return null;
    body = found;
  }
  return body;
}

/** Turns the box with this body into free space, in place: as if it had never been. */
export function hide(body: Bytes): void {
  new Uint8Array(body.buffer, body.byteOffset - 4, 4).set([0x66, 0x72, 0x65, 0x65]);
}

/** Ticks in a second of a track, by the body of its `mdia`; 0: not told. */
export function timescaleIn(media: Bytes): number {
  const head = boxAt(media, 'mdhd');
  const at = head?.[0] === 1 ? 20 : 12;
  return head && head.length >= at + 4 ? viewOf(head).getUint32(at) : 0;
}

/** What a fragment holds of a track, by its table (§8.8.8). Times are ticks. */
export interface Run {
  begins: number;
  ends: number;
  count: number;
  /** it begins with a key picture */
  key: boolean;
  /** where its first sample stands, from the front of the `moof` */
  data: number;
  /** duration and size of each sample, `row` bytes apart */
  rows: DataView;
  row: number;
  /** the body of its `traf` */
  traf: Bytes;
}

const NEEDED = 0x1 | 0x100 | 0x200; // where the data is, durations, sizes
const FIRST_FLAGS = 0x4;
const FLAGS = 0x400;
const COMPOSITION = 0x800;
const NOT_KEY = 0x10000;

function runOf(traf: Bytes, begins: number, trun: Bytes): Run | null {
  if (trun.length < 12) return null;
  const head = viewOf(trun);
  const flags = head.getUint32(0) & 0xffffff;
  const count = head.getUint32(4);
  const row = 8 + (flags & FLAGS ? 4 : 0) + (flags & COMPOSITION ? 4 : 0);
  if ((flags & NEEDED) !== NEEDED || flags & FIRST_FLAGS || count === 0 || count > (trun.length - 12) / row) return null;
  const rows = viewOf(trun.subarray(12));
  let ends = begins;
  for (let i = 0; i < count; i++) ends += rows.getUint32(i * row);
  const key = (flags & FLAGS) !== 0 && (rows.getUint32(8) & NOT_KEY) === 0;
  return { begins, ends, count, key, data: head.getInt32(8), rows, row, traf };
}

/** What the `moof` with this body holds of a track; null when that is nothing, or makes no sense. */
export function runIn(moof: Bytes, track: number): Run | null {
  for (const { type, body } of boxes(moof)) {
    const head = type === 'traf' && boxAt(body, 'tfhd');
    const time = head && head.length >= 8 && viewOf(head).getUint32(4) === track && boxAt(body, 'tfdt');
    const trun = time && boxAt(body, 'trun');
    if (!trun) continue;
    const long = time[0] === 1;
    if (time.length < (long ? 12 : 8)) return null;
    const at = viewOf(time);
    return runOf(body, long ? at.getUint32(4) * 2 ** 32 + at.getUint32(8) : at.getUint32(4), trun);
  }
  return null;
}
