// Lets the last picture of a fragment last until the next fragment begins, and its last sound too. The
// recorder writes a fragment before the next picture has come, and guesses how long the last one is
// shown. Where that picture comes late, as of a camera that is slow in the dark or has lost one on the
// way, browsers that are fed by Media Source Extensions would drop all up to the next key picture (W3C
// MSE, coded frame processing: a step of more than twice the last duration, in any track, ends all of
// them), though it is all there.

import { boxAt, boxes } from '../live/fmp4';

const VIDEO_TRACK = 1;
const SOUND_TRACK = 2;
const TRUN_DATA_OFFSET = 0x1;
const TRUN_FIRST_FLAGS = 0x4;
const TRUN_DURATION = 0x100;
const TRUN_SIZE = 0x200;
const TRUN_FLAGS = 0x400;
const TRUN_COMPOSITION = 0x800;
const NOT_KEY = 0x10000;
const LONGEST_TICKS = 2 ** 32 - 1;

type Bytes = Uint8Array<ArrayBuffer>;

/** The pictures of a fragment, or its sound, by its table (ISO/IEC 14496-12 §8.8.8). */
interface Run {
  /** ticks */
  begins: number;
  ends: number;
  key: boolean;
  /** where the duration of the last of them stands */
  last: DataView;
}

const viewOf = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function runOf(begins: number, trun: Bytes): Run | null {
  if (trun.byteLength < 8) return null;
  const view = viewOf(trun);
  const flags = view.getUint32(0) & 0xffffff;
  const count = view.getUint32(4);
  const table = 8 + (flags & TRUN_DATA_OFFSET ? 4 : 0) + (flags & TRUN_FIRST_FLAGS ? 4 : 0);
  const row = 4 * [TRUN_DURATION, TRUN_SIZE, TRUN_FLAGS, TRUN_COMPOSITION].filter((one) => flags & one).length;
  if (!(flags & TRUN_DURATION) || count === 0 || table + count * row > trun.byteLength) return null;
  let ends = begins;
  for (let i = 0; i < count; i++) ends += view.getUint32(table + i * row);
  const flagsAt = flags & TRUN_FIRST_FLAGS ? table - 4 : flags & TRUN_FLAGS ? table + (flags & TRUN_SIZE ? 8 : 4) : 0;
  const key = flagsAt > 0 && (view.getUint32(flagsAt) & NOT_KEY) === 0;
  return { begins, ends, key, last: viewOf(trun.subarray(table + (count - 1) * row)) };
}

function runIn(moof: Bytes, track: number): Run | null {
  for (const { type, body } of boxes(moof)) {
    const head = type === 'traf' ? boxAt(body, 'tfhd') : null;
    if (!head || head.byteLength < 8 || viewOf(head).getUint32(4) !== track) continue;
    const tfdt = boxAt(body, 'tfdt');
    const trun = boxAt(body, 'trun');
    if (!tfdt || !trun || tfdt[0] !== 1 || tfdt.byteLength < 12) return null;
    return runOf(Number(viewOf(tfdt).getBigUint64(4)), trun);
  }
  return null;
}

function lastUntil(run: Run, ticks: number): void {
  const longer = run.last.getUint32(0) + ticks - run.ends;
  if (ticks > run.ends && longer <= LONGEST_TICKS) run.last.setUint32(0, longer);
}

/** Does it, in place, to the fragments of a part that stand one behind the other. Where one begins with a key picture none is dropped. */
export function join(part: Bytes): void {
  let pictures: Run | null = null;
  let sound: Run | null = null;
  for (const { type, body } of boxes(part)) {
    if (type !== 'moof') continue;
    const run = runIn(body, VIDEO_TRACK);
    if (pictures && run && !run.key) lastUntil(pictures, run.begins);
    pictures = run ?? pictures;
    const heard = runIn(body, SOUND_TRACK);
    if (sound && heard) lastUntil(sound, heard.begins);
    sound = heard ?? sound;
  }
}

/** The same to one fragment: its pictures last until `pictures`, its sound until `sound`; null: as it is. */
export function joinTo(fragment: Bytes, pictures: number | null, sound: number | null): void {
  for (const { type, body } of boxes(fragment)) {
    if (type !== 'moof') continue;
    for (const [track, ticks] of [[VIDEO_TRACK, pictures], [SOUND_TRACK, sound]] as const) {
      const run = ticks === null ? null : runIn(body, track);
      if (run && ticks !== null) lastUntil(run, ticks);
    }
  }
}
