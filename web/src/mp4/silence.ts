// Silence in the coding of a film's sound.

import { boxAt, boxes, timescaleIn, viewOf, type Bytes } from './boxes';

/** The sound of a film. Times are its ticks. */
export interface Sound {
  timescale: number;
  /** a frame of silence lasts so long, at most where it can be shorter; 0: as long as those of the film */
  frame: number;
  /** a frame of silence can have any length */
  exact: boolean;
  /** `ticks`: how long it lasts, where it can be shorter */
  silence(ticks: number): Bytes;
  /** how long a frame lasts; null: as its table says */
  lasts(frame: Bytes): number | null;
}

const ENTRY_FIELDS = 28; // of an AudioSampleEntry, before its boxes (ISO/IEC 14496-12 §12.2.3)

/** A raw_data_block of one or two channels without any spectrum (ISO/IEC 14496-3 §4.4.2.1): all its fields are 0 but for what it is, and its end. */
const AAC = [[0, 0, 0, 7], [0x20, 0, 0, 0, 0, 0, 0x0e]];

/** 20 ms of CELT, whose first bits say silence (RFC 6716 §4.3, §3.1). */
const OPUS = [[0xf8, 0xff, 0xfe], [0xfc, 0xff, 0xfe]];
const OPUS_TICKS = 960;

function sum(bytes: number[], bits: 8 | 16, polynomial: number): number {
  let rest = 0;
  for (const byte of bytes) {
    rest ^= byte << (bits - 8);
    for (let i = 0; i < 8; i++) rest = ((rest << 1) ^ (rest >> (bits - 1) ? polynomial : 0)) & (2 ** bits - 1);
  }
  return rest;
}

/** A frame whose subframes are constant, of 16-bit samples (RFC 9639 §9.1, §9.2.3). */
function flac(samples: number, channels: number): Bytes {
  const head = [0xff, 0xf8, 0x70, (channels - 1) << 4, 0, (samples - 1) >> 8, (samples - 1) & 0xff];
  const frame = [...head, sum(head, 8, 0x07), ...Array<number>(3 * channels).fill(0)]; // a subframe is a byte and a sample
  const check = sum(frame, 16, 0x8005);
  return Uint8Array.of(...frame, check >> 8, check & 0xff);
}

/** Samples of a FLAC frame (RFC 9639 §9.1.1); null: it is none. */
function flacSamples(frame: Bytes): number | null {
  const code = frame[2]! >> 4;
  const first = frame[4]!;
  const at = 4 + (first < 0x80 ? 1 : Math.clz32(~(first << 24)));
  if (frame.length < at + 2) return null;
  if (code === 6) return frame[at]! + 1;
  if (code === 7) return frame[at]! * 256 + frame[at + 1]! + 1;
  return code >= 8 ? 1 << code : code > 1 ? 144 << code : code ? 192 : null;
}

/** The sound that an init part tells of; null: there is none, or none that silence is known for. */
export function soundOf(init: Bytes): Sound | null {
  for (const { type, body } of boxes(boxAt(init, 'moov') ?? init)) {
    const media = type === 'trak' && boxAt(body, 'mdia');
    const table = media && boxAt(media, 'minf', 'stbl', 'stsd');
    for (const entry of table ? boxes(table.subarray(8)) : []) {
      const timescale = timescaleIn(media as Bytes);
      if (entry.body.length < ENTRY_FIELDS || !timescale) continue;
      const channels = viewOf(entry.body).getUint16(16);
      const opus = entry.type === 'Opus';
      const silent = (opus ? OPUS : AAC)[channels - 1];
      const told = (entry.type === 'fLaC' && boxAt(entry.body.subarray(ENTRY_FIELDS), 'dfLa')) || null;
      const block = told && told.length >= 12 ? viewOf(told).getUint16(10) : 0; // STREAMINFO behind two heads of four bytes (RFC 9639 §8.2)
      if (block && channels >= 1 && channels <= 8) return { timescale, frame: block, exact: true, silence: (ticks) => flac(ticks, channels), lasts: flacSamples };
      if (silent && (opus || entry.type === 'mp4a')) return { timescale, frame: opus ? OPUS_TICKS : 0, exact: false, silence: () => Uint8Array.from(silent), lasts: () => null };
    }
  }
  return null;
}
