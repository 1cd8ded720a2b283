// Heads of fragments: `prft moof`, and the header of `mdat` (ISO/IEC 14496-12), as the footage format has them.

import { u32be, u64be } from './bytes';

/** No init part and no head of a fragment is larger. */
export const HEAD_MOST_BYTES = 4 << 20;
const VIDEO_TICKS = 90_000;
const NTP_UNIX_EPOCH_S = 2_208_988_800;

export const typeAt = (data: Uint8Array, at: number): string => String.fromCharCode(data[at + 4]!, data[at + 5]!, data[at + 6]!, data[at + 7]!);

/** NTP's 32.32 seconds as microseconds since 1970 (RFC 5905 §6), of the years 1968 to 2104. */
export function ntpTime(data: Uint8Array, at: number): number {
  let seconds = u32be(data, at);
  if (seconds < 0x8000_0000) seconds += 2 ** 32;
  return (seconds - NTP_UNIX_EPOCH_S) * 1_000_000 + Math.floor((u32be(data, at + 4) * 1_000_000) / 2 ** 32);
}

interface Span {
  at: number;
  end: number;
}

/** The boxes of `type` that lie whole in a range. A box that makes no sense ends the search. */
function* boxes(data: Uint8Array, { at, end }: Span, type: string): Generator<Span> {
  while (end - at >= 8) {
    const next = at + u32be(data, at);
    if (next < at + 8 || next > end) return;
    if (typeAt(data, at) === type) yield { at: at + 8, end: next };
    at = next;
  }
}

function box(data: Uint8Array, span: Span | undefined, type: string): Span | undefined {
  return span && boxes(data, span, type).next().value;
}

export interface VideoRun {
  /** first picture, in ticks of 1/90000 s */
  decodeTime: number;
  pictures: number;
  /** how long they last: in ticks of 1/90000 s, and in microseconds */
  ticks: number;
  durationUs: number;
  /** it begins with a key picture */
  key: boolean;
}

/** Pictures by their table (§8.8.8): durations and sizes must stand there. */
function runOf(data: Uint8Array, decodeTime: number, trun: Span): VideoRun | null {
  if (trun.end - trun.at < 12) return null;
  const flags = u32be(data, trun.at) & 0xffffff;
  const count = u32be(data, trun.at + 4);
  const needed = 0x1 | 0x100 | 0x200; // where the data is, durations, sizes
  const entry = 8 + (flags & 0x400 ? 4 : 0) + (flags & 0x800 ? 4 : 0);
  if ((flags & needed) !== needed || flags & 0x4 || count === 0 || count > (trun.end - trun.at - 12) / entry) return null;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += u32be(data, trun.at + 12 + i * entry);
  const ticks = Math.min(sum, 2 ** 40);
  const key = (flags & 0x400) !== 0 && (u32be(data, trun.at + 12 + 8) & 0x10000) === 0;
  return { decodeTime, pictures: count, ticks, durationUs: Math.floor((ticks * 1000) / (VIDEO_TICKS / 1000)), key };
}

interface Track {
  /** of its first sample */
  decodeTime: number;
  trun: Span;
}

/** What a fragment at the front of `head` holds of a track; null when that is nothing, or makes no sense. */
function trackOf(head: Uint8Array, id: number): Track | null {
  const all = { at: 0, end: head.length };
  const moof = box(head, all, 'moof');
  for (const traf of moof ? boxes(head, moof, 'traf') : []) {
    const tfhd = box(head, traf, 'tfhd');
    const tfdt = box(head, traf, 'tfdt');
    const trun = box(head, traf, 'trun');
    if (!tfhd || !tfdt || !trun || tfhd.end - tfhd.at < 8 || tfdt.end - tfdt.at < 8 || u32be(head, tfhd.at + 4) !== id) continue;
    const long = head[tfdt.at] === 1;
    if (long && tfdt.end - tfdt.at < 12) return null;
    return { decodeTime: long ? u64be(head, tfdt.at + 4) : u32be(head, tfdt.at + 4), trun };
  }
  return null;
}

/** The pictures (track 1). */
export function videoRun(head: Uint8Array): VideoRun | null {
  const track = trackOf(head, 1);
  return track && runOf(head, track.decodeTime, track.trun);
}

/** When the sound (track 2) begins, in its own ticks; null when there is none. */
export const soundBegins = (head: Uint8Array): number | null => trackOf(head, 2)?.decodeTime ?? null;

/** Turns the boxes of the sound track (2) of an init part, or of the head of a fragment, into free space, in place: as if it had never been. */
export function hideSound(data: Uint8Array): void {
  const blank = (outer: string, inner: string, header: string, idAt: (version: number) => number) => {
    const parent = box(data, { at: 0, end: data.length }, outer);
    for (const part of parent ? boxes(data, parent, inner) : []) {
      const head = box(data, part, header);
      const at = head && head.at + idAt(data[head.at]!);
      if (at && at + 4 <= head.end && u32be(data, at) === 2) data.set([0x66, 0x72, 0x65, 0x65], part.at - 4);
    }
  };
  blank('moov', 'trak', 'tkhd', (version) => (version === 1 ? 20 : 12));
  blank('moof', 'traf', 'tfhd', () => 4);
  const mvex = box(data, box(data, { at: 0, end: data.length }, 'moov'), 'mvex');
  for (const trex of mvex ? boxes(data, mvex, 'trex') : []) if (trex.end - trex.at >= 8 && u32be(data, trex.at + 4) === 2) data.set([0x66, 0x72, 0x65, 0x65], trex.at - 4);
}
