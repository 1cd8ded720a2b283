// Fills what is missing of a film's sound with silence. Browsers that are fed by Media Source Extensions show a film only
// where it has all of its tracks; and Chromium's decoders count what they have decoded, so that behind a hole sound would
// come too early, by its length. Silence is whole frames: what is too much or too little of it is made up for at the next hole.

import { boxes, hide, runIn, SOUND_TRACK, VIDEO_TRACK, viewOf, type Bytes, type Run } from './boxes';
import type { Sound } from './silence';

const PICTURE_TICKS = 90_000;
/** Pictures that are further apart are not of one piece. */
const GAP_S = 0.5;
/** Sound may stand so much behind its pictures in a file: until then it is not missing. */
const LAG_S = 1.5;
/** FLAC has no shorter frames (RFC 9639 §8.2). */
const LEAST_TICKS = 16;
/** More silence than this is in no fragment. */
const FRAMES_MOST = 5_000;
const BY_MOOF = 0x20000;
const TABLE_FLAGS = 0x1000301; // where the data is, durations, sizes

/** A frame of sound: when it begins, in ticks. */
type Frame = [at: number, bytes: Bytes];

const words = (...numbers: number[]): Bytes => {
  const bytes = new Uint8Array(4 * numbers.length);
  numbers.forEach((number, i) => viewOf(bytes).setUint32(4 * i, number));
  return bytes;
};

function joined(parts: Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function box(type: string, ...parts: Bytes[]): Bytes {
  const whole = joined([new Uint8Array(8), ...parts]);
  viewOf(whole).setUint32(0, whole.length);
  for (let i = 0; i < 4; i++) whole[4 + i] = type.charCodeAt(i);
  return whole;
}

/** A fragment of sound alone, which lasts until `ends`. */
function fragmentOf(frames: Frame[], ends: number): Bytes {
  const begins = frames[0]![0];
  const rows = frames.flatMap(([at, { length }], i) => [(frames[i + 1]?.[0] ?? ends) - at, length]);
  const head = (data: number) =>
    box(
      'moof',
      box('mfhd', words(0, 0)),
      box('traf', box('tfhd', words(BY_MOOF, SOUND_TRACK)), box('tfdt', words(0x1000000, Math.floor(begins / 2 ** 32), begins)), box('trun', words(TABLE_FLAGS, frames.length, data, ...rows))),
    );
  return joined([head(head(0).length + 8), box('mdat', ...frames.map(([, bytes]) => bytes))]);
}

/** The samples of a run, in the bytes of a part in which its `moof` stands at `moof`. */
function* framesOf(part: Bytes, moof: number, { begins, count, data, rows, row }: Run): Generator<Frame> {
  let at = moof + data;
  for (let i = 0; i < count; i++) {
    const size = rows.getUint32(i * row + 4);
    yield [begins, part.subarray(at, at + size)];
    at += size;
    begins += rows.getUint32(i * row);
  }
}

/**
 * Of one file, whose parts come one after the other, or from elsewhere when somebody jumps: one or more whole fragments as
 * a browser may have them. `last`: what follows is of another file, behind a gap, or nothing.
 */
export type Fill = (part: Bytes, last: boolean) => Bytes;

export function soundHoles({ timescale, frame: shortest, exact, silence, lasts }: Sound): Fill {
  /** where the pictures end that came last, in seconds, and where those began that hang together, in ticks of the sound */
  let pictured = NaN;
  let began = 0;
  /** where its sound ends; NaN: none yet of what hangs together */
  let ends = NaN;
  /** what was decoded since then lasts so much longer than it should */
  let ahead = 0;
  let frame = shortest || 1024; // until one of the film's own is seen
  /** what goes in place of the sound of a fragment */
  let frames: Frame[] = [];

  /** Appends silence up to `until`, as nearly as its frames do. */
  const hush = (until: number, rounded: (frames: number) => number) => {
    const from = ends;
    const missing = until - from;
    let count = exact ? (missing < LEAST_TICKS ? 0 : Math.ceil(missing / frame)) : Math.max(0, rounded((missing - ahead) / frame));
    if (count > FRAMES_MOST) count = 0;
    const at = (i: number) => from + Math.round((i * missing) / count);
    for (let i = 0; i < count; i++) frames.push([at(i), silence(at(i + 1) - at(i))]);
    if (!exact) ahead += count * frame - missing;
    ends = until;
  };

  /** Silence that is exact in length begins with the pictures; of other coding a little later, so that it ends when the first sound comes. */
  const begin = (time: number) => {
    ends = time - Math.floor((time - began) / frame) * frame;
    ahead = 0;
  };

  /**
   * Appends the sound of a run, and silence in its holes; returns how many frames are its own. Where somebody begins to
   * play, what would be heard before the first picture is left out: hls.js would go by it instead of by the pictures.
   */
  const hear = (part: Bytes, moof: number, run: Run): number => {
    const steps = Array.from({ length: run.count }, (_, i) => run.rows.getUint32(i * run.row));
    const told = steps.at(-1)!;
    const least = Math.max(told, steps.length > 1 ? Math.min(...steps.slice(0, -1)) : 0); // of a camera that says another rate than it has
    let own = 0;
    frame = shortest || told;
    for (const one of framesOf(part, moof, run)) {
      const [time, bytes] = one;
      if (Number.isNaN(ends)) {
        if (time < began) continue;
        begin(time);
      }
      if (time > ends) hush(time, Math.round);
      frames.push(one);
      own++;
      ends = time + (lasts(bytes) ?? least);
    }
    return own;
  };

  /** The sound of a fragment with silence where it is missing, in place of its own; null: its own is as it should be. */
  const mend = (part: Bytes, moof: Bytes, last: boolean): Bytes | null => {
    const pictures = runIn(moof, VIDEO_TRACK);
    const run = runIn(moof, SOUND_TRACK);
    frames = [];
    if (pictures) {
      const begins = pictures.begins / PICTURE_TICKS;
      if (!(Math.abs(begins - pictured) < GAP_S)) {
        began = Math.round(begins * timescale);
        ends = NaN;
      }
      pictured = pictures.ends / PICTURE_TICKS;
    }
    const own = run ? hear(part, moof.byteOffset - part.byteOffset - 8, run) : 0;
    if (pictures) {
      const until = Math.round((pictured - (last ? 0 : LAG_S)) * timescale);
      if (Number.isNaN(ends) && until > began) begin(began);
      if (until - ends - ahead >= frame) hush(until, Math.floor);
    }
    if (frames.length === own && own === (run?.count ?? 0)) return null;
    if (run) hide(run.traf);
    return frames.length > 0 ? fragmentOf(frames, ends) : new Uint8Array(0);
  };

  return (part, last) => {
    const filled: Bytes[] = [];
    let from = 0;
    let moof: Bytes | null = null;
    for (const { type, body } of boxes(part)) {
      if (type === 'moof') moof = body;
      if (type !== 'mdat' || !moof) continue;
      const end = body.byteOffset - part.byteOffset + body.length;
      const added = mend(part, moof, last && end === part.length);
      moof = null;
      if (!added) continue;
      filled.push(part.subarray(from, end), added);
      from = end;
    }
    return filled.length > 0 ? joined([...filled, part.subarray(from)]) : part;
  };
}
