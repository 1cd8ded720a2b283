import { describe, expect, test } from 'vitest';
import { boxAt, boxes, runIn, SOUND_TRACK, type Bytes } from './boxes';
import { soundOf, type Sound } from './silence';
import { soundHoles } from './sound-holes';

const u16 = (n: number) => [(n >> 8) & 255, n & 255];
const u32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];
const box = (type: string, ...body: number[][]): number[] => [...u32(8 + body.flat().length), ...[...type].map((c) => c.charCodeAt(0)), ...body.flat()];

/** An init part with pictures, and with sound in this entry. */
function init(type: string, channels: number, timescale: number, config: number[] = []): Bytes {
  const entry = box(type, Array<number>(16).fill(0), u16(channels), Array<number>(10).fill(0), config);
  const media = box('mdia', box('mdhd', u32(0), u32(0), u32(0), u32(timescale)), box('minf', box('stbl', box('stsd', u32(0), u32(1), entry))));
  return Uint8Array.from([...box('ftyp', u32(0)), ...box('moov', box('trak', box('mdia', box('hdlr', u32(0)))), box('trak', media))]);
}

const FLAC_CONFIG = box('dfLa', u32(0), u32(34), u16(512), u16(512), Array<number>(30).fill(0));
const RATE = 16_000;
const AAC_TICKS = 1024;
const OWN = 7;

interface Samples {
  begins: number;
  lasts: number[];
}

function traf(track: number, { begins, lasts }: Samples, data: number): number[] {
  const rows = lasts.flatMap((ticks) => [...u32(ticks), ...u32(4)]);
  return box('traf', box('tfhd', u32(0x20000), u32(track)), box('tfdt', u32(0x1000000), u32(0), u32(begins)), box('trun', u32(0x1000301), u32(lasts.length), u32(data), rows));
}

/** A fragment as the recorder writes it, of a second of pictures from `second` on, and of this sound. */
function fragment(second: number, sound: Samples | null): number[] {
  const pictures = { begins: second * 90_000, lasts: [45_000, 45_000] };
  const moof = (data: number) => box('moof', box('mfhd', u32(1)), traf(1, pictures, data), sound ? traf(2, sound, data + 8) : []);
  const frames = (sound?.lasts ?? []).flatMap(() => [OWN, 1, 2, 3]);
  return [...moof(moof(0).length + 8), ...box('mdat', Array<number>(8).fill(9), frames)];
}

const bytes = (...fragments: number[][]): Bytes => Uint8Array.from(fragments.flat());
const heard = (begins: number, count: number, ticks = AAC_TICKS): Samples => ({ begins, lasts: Array<number>(count).fill(ticks) });

/** What is heard of a part, in turn: when each frame begins, how long it lasts, and its bytes. */
function soundIn(part: Bytes) {
  const found: { at: number; lasts: number; frame: number[] }[] = [];
  for (const { type, body } of boxes(part)) {
    const run = type === 'moof' ? runIn(body, SOUND_TRACK) : null;
    let at = run?.begins ?? 0;
    let data = run ? body.byteOffset - part.byteOffset - 8 + run.data : 0;
    for (let i = 0; run && i < run.count; i++) {
      const [lasts, size] = [run.rows.getUint32(i * run.row), run.rows.getUint32(i * run.row + 4)];
      found.push({ at, lasts, frame: [...part.subarray(data, data + size)] });
      at += lasts;
      data += size;
    }
  }
  return found;
}

const aac = () => soundHoles(soundOf(init('mp4a', 1, RATE))!);
const AAC_SILENCE = [0, 0, 0, 7];
const silent = ({ frame }: { frame: number[] }) => frame[0] !== OWN;

/** Each begins where the one before it ends. */
function hangsTogether(frames: ReturnType<typeof soundIn>): void {
  frames.slice(1).forEach(({ at }, i) => expect(at).toBe(frames[i]!.at + frames[i]!.lasts));
}

describe('of a film', () => {
  test('whose sound is whole nothing is touched', () => {
    const part = bytes(fragment(0, heard(0, 16)), fragment(1, heard(16 * AAC_TICKS, 16)));
    expect(aac()(part, false)).toBe(part);
  });

  test('a hole between fragments is silence, and what comes behind it stays where it was', () => {
    const part = bytes(fragment(0, heard(0, 15)), fragment(1, null), fragment(2, heard(2 * RATE + 300, 15)));
    const frames = soundIn(aac()(part, false));
    hangsTogether(frames);
    expect(frames.filter(silent).every(({ frame }) => frame.join() === AAC_SILENCE.join())).toBe(true);
    expect(frames.filter((one) => !silent(one)).map(({ at }) => at)).toEqual([...heard(0, 15).lasts.map((_, i) => i * AAC_TICKS), ...heard(0, 15).lasts.map((_, i) => 2 * RATE + 300 + i * AAC_TICKS)]);
    // A decoder counts frames: what it has played by then is off by half a frame at most.
    const before = frames.findIndex(({ at }) => at === 2 * RATE + 300);
    expect(Math.abs(before * AAC_TICKS - (2 * RATE + 300))).toBeLessThanOrEqual(AAC_TICKS / 2);
  });

  test('a hole within a fragment is filled there, and its pictures stay', () => {
    const sound = { begins: 0, lasts: [AAC_TICKS, 6 * AAC_TICKS, AAC_TICKS, AAC_TICKS] };
    const filled = aac()(bytes(fragment(0, sound)), false);
    const frames = soundIn(filled);
    hangsTogether(frames);
    expect(frames.map(silent)).toEqual([false, false, true, true, true, true, true, false, false]);
    expect(runIn(boxAt(filled, 'moof')!, 1)).toMatchObject({ begins: 0, ends: 90_000 });
  });

  test('many holes do not add up', () => {
    const holes = aac();
    let decoded = 0;
    for (let i = 0; i < 40; i++) {
      const begins = i * RATE + (i % 2 ? 700 : 0);
      const frames = soundIn(holes(bytes(fragment(i, heard(begins, 9))), false));
      const own = frames.findIndex((one) => !silent(one));
      if (i > 0) expect(Math.abs((decoded + own) * AAC_TICKS - begins)).toBeLessThanOrEqual(AAC_TICKS / 2);
      decoded += frames.length;
    }
  });

  test('sound that begins later has silence beneath the pictures before it, and begins when it does', () => {
    const frames = soundIn(aac()(bytes(fragment(5, null), fragment(6, heard(6 * RATE + 5_000, 10))), false));
    hangsTogether(frames);
    expect(frames[0]!.at - 5 * RATE).toBeGreaterThanOrEqual(0);
    expect(frames[0]!.at - 5 * RATE).toBeLessThan(AAC_TICKS);
    const first = frames.findIndex((one) => !silent(one));
    expect(frames[first]!.at - frames[0]!.at).toBe(first * AAC_TICKS);
  });

  test('sound that ends is silence, part by part, as far as none can come any more, and to the end in the last', () => {
    const holes = aac();
    holes(bytes(fragment(0, heard(0, 16))), false);
    const parts = [1, 2, 3, 4].map((second) => soundIn(holes(bytes(fragment(second, null)), second === 4)));
    hangsTogether(parts.flat());
    expect(parts[0]).toEqual([]); // it may still come
    expect(parts.flat().every(silent)).toBe(true);
    const last = parts.flat().at(-1)!;
    expect(5 * RATE - (last.at + last.lasts)).toBeLessThan(AAC_TICKS);
  });

  test('elsewhere in the film nothing is filled up to there', () => {
    const holes = aac();
    holes(bytes(fragment(0, heard(0, 16))), false);
    const part = bytes(fragment(100, heard(100 * RATE, 15)));
    expect(holes(part, false)).toBe(part);
  });

  test('where it begins nothing is heard before the first picture', () => {
    const part = bytes(fragment(3, heard(3 * RATE - 1_100, 17)));
    const frames = soundIn(aac()(part, false));
    expect([frames.length, frames[0]!.at, frames.some(silent)]).toEqual([15, 3 * RATE - 1_100 + 2 * AAC_TICKS, false]);
  });

  test('with a rate other than its camera says, sound is left as it is', () => {
    const odd = heard(0, 8, 2 * AAC_TICKS);
    odd.lasts[7] = AAC_TICKS;
    const part = bytes(fragment(0, odd));
    expect(aac()(part, false)).toBe(part);
  });

  test('cut short anywhere, or with times that make no sense, it does no harm', () => {
    const whole = bytes(fragment(0, heard(0, 9)), fragment(1, null), fragment(2, heard(2 * RATE, 9)));
    for (let length = 0; length < whole.length; length += 3) expect(() => aac()(whole.slice(0, length), true)).not.toThrow();
    expect(aac()(bytes(fragment(0, heard(0, 9)), fragment(1, heard(4_000_000_000, 9))), false).length).toBeLessThan(1_000_000);
  });
});

test('silence of FLAC is as long as the hole to the sample, in frames with right sums', () => {
  const sound = soundOf(init('fLaC', 1, 8_000, FLAC_CONFIG))!;
  const own = [0xff, 0xf8, 0x70, 0, 0, 1, 0xff]; // 512 samples
  expect(sound.lasts(Uint8Array.from(own))).toBe(512);
  expect(sound.lasts(sound.silence(77))).toBe(77);
  expect([...sound.silence(512)]).toEqual([...own, 0x4c, 0, 0, 0, 0xd2, 0x7d]); // ffmpeg finds its sums right
});

test('silence is known of one and two channels, and of no other coding', () => {
  const of = (sound: Sound | null) => (sound ? [...sound.silence(960)] : null);
  expect(of(soundOf(init('mp4a', 2, 48_000)))).toEqual([0x20, 0, 0, 0, 0, 0, 0x0e]);
  expect(of(soundOf(init('Opus', 1, 48_000)))).toEqual([0xf8, 0xff, 0xfe]);
  expect(of(soundOf(init('mp4a', 6, 48_000)))).toBeNull();
  expect(of(soundOf(init('ulaw', 1, 8_000)))).toBeNull();
  expect(of(soundOf(Uint8Array.from(box('moov', box('trak', u32(0))))))).toBeNull();
});
