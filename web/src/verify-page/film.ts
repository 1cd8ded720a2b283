// The footage files of a camera as a player needs them: where each fragment stands, when it is, and how it is handed to
// Media Source Extensions. Files come from anyone; what cannot be read ends the list.

import { joinTo } from '../mp4/joined';
import { soundOf } from '../mp4/silence';
import { soundHoles, type Fill } from '../mp4/sound-holes';
import { u32be, type Bytes } from './bytes';
import type { Media } from './facts';
import { hideSound, HEAD_MOST_BYTES, ntpTime, typeAt, videoRun } from './fmp4';

const HEAD_BYTES = 4096;
const FRAGMENTS_MOST = 20_000;
const FRAGMENT_MOST_BYTES = 64 << 20;
const TICKS = 90_000;

export interface Fragment {
  /** in the ZIP */
  at: number;
  bytes: number;
  /** of its first picture, in microseconds */
  time: number;
  /** the same, on its file's own clock */
  ticks: number;
  /** and in seconds of the film, whose clock is behind the file's by `shift` */
  filmTime: number;
  shift: number;
  /** when its last picture is over, in microseconds */
  end: number;
  key: boolean;
}

/** Pictures that are further apart are not of one piece. */
export const GAP_US = 500_000;

export interface Film {
  media: Media;
  initBytes: number;
  fragments: Fragment[];
  /** for Media Source Extensions */
  type: string;
  /** its sound is left out: the browser does not know it, or no silence is known for its holes, beside which it would show no pictures */
  mute: boolean;
  /** fills them; null: it has no sound */
  fill: Fill | null;
}

/** How a browser is asked for a film, `heard` or without its sound; null: it plays no such pictures. */
export function typeOf(media: Media, heard: boolean, plays: (type: string) => boolean): { type: string; mute: boolean } | null {
  const sound = (codecs: string[]) => `video/mp4; codecs="${codecs.join(',')}"`;
  if (![media.codec, media.audio].every((codec) => /^[\w.]*$/.test(codec)) || !media.codec) return null;
  const both = sound(media.audio ? [media.codec, media.audio] : [media.codec]);
  if ((heard || !media.audio) && plays(both)) return { type: both, mute: false };
  return plays(sound([media.codec])) ? { type: sound([media.codec]), mute: true } : null;
}

type Read = (at: number, bytes: number) => Promise<Bytes>;

/** The fragment at `at`, before `end`; null: there is none. */
async function fragmentAt(read: Read, media: Media, at: number, end: number): Promise<Fragment | null> {
  let head = await read(at, Math.min(HEAD_BYTES, end - at));
  if (head.length < 32 || typeAt(head, 0) !== 'prft') return null;
  const prft = u32be(head, 0);
  const moof = prft + 8 <= head.length && typeAt(head, prft) === 'moof' ? u32be(head, prft) : 0;
  const behind = prft + moof + 8;
  if (moof < 8 || behind > HEAD_MOST_BYTES || at + behind > end) return null;
  if (behind > head.length) head = await read(at, behind);
  const bytes = behind - 8 + u32be(head, behind - 8);
  const run = videoRun(head);
  if (!run || typeAt(head, behind - 8) !== 'mdat' || bytes > FRAGMENT_MOST_BYTES || at + bytes > end) return null;
  const time = ntpTime(head, 16) + media.offset;
  return { at, bytes, time, end: time + run.durationUs, ticks: run.decodeTime, filmTime: run.decodeTime / TICKS, shift: 0, key: run.key };
}

async function initBytes(read: Read, media: Media): Promise<number> {
  let at = 0;
  while (at + 8 <= Math.min(media.bytes, HEAD_MOST_BYTES)) {
    const head = await read(media.at + at, 8);
    const type = typeAt(head, 0);
    if (type === 'prft' || type === 'moof') return at;
    if (u32be(head, 0) < 8) return 0;
    at += u32be(head, 0);
  }
  return 0;
}

async function fragmentsOf(read: Read, media: Media, init: number): Promise<Fragment[]> {
  const end = media.at + media.bytes;
  const fragments: Fragment[] = [];
  for (let at = media.at + init; init > 0 && at < end && fragments.length < FRAGMENTS_MOST; at += fragments.at(-1)!.bytes) {
    const fragment = await fragmentAt(read, media, at, end);
    if (!fragment) break;
    fragments.push(fragment);
  }
  return fragments;
}

/** The last group of pictures of the file before, in front of those that go on with it; the film begins with it then. */
export function ledBy(group: Fragment[], fragments: Fragment[]): Fragment[] {
  const [first, begins] = [group[0]!, fragments[0]!];
  const behind = (begins.time - first.time) / 1e6 - begins.filmTime;
  const moved = (one: Fragment, shift: number) => ({ ...one, filmTime: one.filmTime + shift, shift });
  return [...group.map((one) => moved(one, -first.filmTime)), ...fragments.map((one) => moved(one, behind))];
}

/** `plays`: does the browser know such a film? `before`: the file whose pictures this one goes on with; null: there is none. */
export async function readFilm(file: Blob, media: Media, plays: (type: string) => boolean, before: Media | null = null): Promise<Film | 'unplayable' | null> {
  const read: Read = async (at, bytes) => new Uint8Array(await file.slice(at, at + bytes).arrayBuffer());
  const init = await initBytes(read, media);
  const fragments = await fragmentsOf(read, media, init);
  if (fragments.length === 0) return null;
  const lead = before && !fragments[0]!.key ? await fragmentsOf(read, before, await initBytes(read, before)) : [];
  const group = lead.slice(Math.max(0, lead.findLastIndex(({ key }) => key)));
  const all = group[0]?.key ? ledBy(group, fragments) : fragments;
  const sound = soundOf(await read(media.at, init));
  const how = typeOf(media, sound !== null, plays);
  return how ? { media, initBytes: init, fragments: all, ...how, fill: sound && !how.mute ? soundHoles(sound) : null } : 'unplayable';
}

/** Bytes as the browser may have them. */
export async function bytesFor(file: Blob, film: Film, at: number, bytes: number): Promise<Bytes> {
  const data = new Uint8Array(await file.slice(at, at + bytes).arrayBuffer());
  if (film.mute) hideSound(data);
  return data;
}

/** The newest fragment that does not begin behind a moment. */
export function fragmentOf(film: Film, us: number): number {
  let found = 0;
  film.fragments.forEach(({ time }, i) => {
    if (time <= us) found = i;
  });
  return found;
}

/** Is there no picture of the moment, which lies behind the pictures of fragment `index`? */
export const isGap = (film: Film, index: number, us: number): boolean => us >= film.fragments[index]!.end + GAP_US;

/** What is buffered ends at this second of the film: where it goes on behind a gap; -1: there is none, or no more. */
export function behindGap(film: Film, seconds: number): number {
  const index = film.fragments.findIndex(({ filmTime }) => filmTime > seconds - 0.05);
  return index > 0 && film.fragments[index]!.filmTime - seconds > GAP_US / 1e6 ? index : -1;
}

/** Bytes of fragment `index` as the browser may have them: without a hole before the next one, where there is no gap. */
export async function fragmentFor(file: Blob, film: Film, index: number): Promise<Bytes> {
  const { at, bytes, end, shift } = film.fragments[index]!;
  const data = await bytesFor(file, film, at, bytes);
  const behind = film.fragments[index + 1];
  const goesOn = behind && behind.time < end + GAP_US;
  const whole = film.fill?.(data, !goesOn || behind.shift !== shift) ?? data;
  if (goesOn && behind.shift !== shift) joinTo(whole, Math.round((behind.filmTime - shift) * TICKS)); // on the clock of its own file
  else if (goesOn && !behind.key) joinTo(whole, behind.ticks);
  return whole;
}

/** What stands before this fragment cannot be decoded; as many as there are: nothing of it can. */
export function firstKey({ fragments }: Film): number {
  const found = fragments.findIndex(({ key }) => key);
  return found < 0 ? fragments.length : found;
}

/** From where a decoder can begin, to show fragment `index`. */
export function keyBefore(film: Film, index: number): number {
  while (index > 0 && !film.fragments[index]!.key) index--;
  return index;
}

export const filmTimeOf = ({ filmTime, time }: Fragment, us: number): number => filmTime + Math.max(0, us - time) / 1e6;

/** When its last picture is over, in seconds of it. */
export function filmEnd({ fragments }: Film): number {
  const last = fragments.at(-1)!;
  return last.filmTime + (last.end - last.time) / 1e6;
}

/** The moment of a second of the film, to the millisecond: players round what they are told. */
export function momentOf(film: Film, seconds: number): number {
  const fragment = film.fragments.findLast(({ filmTime }) => filmTime <= seconds + 0.0005) ?? film.fragments[0]!;
  return fragment.time + Math.max(0, Math.round((seconds - fragment.filmTime) * 1000)) * 1000;
}
