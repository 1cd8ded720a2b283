// Heads of fragments: `prft moof`, and the header of `mdat` (ISO/IEC 14496-12), as the footage format has them.

import { boxAt, boxes, hide, runIn, SOUND_TRACK, VIDEO_TRACK } from '../mp4/boxes';
import { u32be, type Bytes } from './bytes';

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

const moofIn = (head: Bytes) => boxAt(head, 'moof') ?? head.subarray(0, 0);

/** The pictures of the fragment at the front of `head`; null when there are none, or they make no sense. */
export function videoRun(head: Bytes): VideoRun | null {
  const run = runIn(moofIn(head), VIDEO_TRACK);
  if (!run) return null;
  const ticks = Math.min(run.ends - run.begins, 2 ** 40);
  return { decodeTime: run.begins, pictures: run.count, ticks, durationUs: Math.floor((ticks * 1000) / (VIDEO_TICKS / 1000)), key: run.key };
}

/** Turns the boxes of the sound track of an init part, or of the head of a fragment, into free space, in place. */
export function hideSound(data: Bytes): void {
  const blank = (outer: Bytes | null, inner: string, idAt: (box: Bytes) => [Bytes | null, number]) => {
    for (const { type, body } of outer ? boxes(outer) : []) {
      const [head, at] = type === inner ? idAt(body) : [null, 0];
      if (head && at + 4 <= head.length && u32be(head, at) === SOUND_TRACK) hide(body);
    }
  };
  const moov = boxAt(data, 'moov');
  blank(moov, 'trak', (trak) => {
    const head = boxAt(trak, 'tkhd');
    return [head, head?.[0] === 1 ? 20 : 12];
  });
  blank(moov && boxAt(moov, 'mvex'), 'trex', (trex) => [trex, 4]);
  blank(boxAt(data, 'moof'), 'traf', (traf) => [boxAt(traf, 'tfhd'), 4]);
}
