// The lines of a camera's chain: a segment sealed, a segment retired. Form only: neither signature nor root.

import { hexOf } from './bytes';
import { LineReader, type LineSeal } from './line';

export const CAUSES = [
  'unknown', 'camera-offline', 'network-stall', 'server-down', 'disk-full', 'disk-error', 'volume-missing', 'overload', 'paused', 'household-hours', 'clock-step', 'retired', 'scheduled',
] as const;
export type Cause = (typeof CAUSES)[number];

const ENTRIES_MOST = 16_384;
const GAPS_MOST = 1024;
const INT32_MAX = 2 ** 31 - 1;
const OFFSET_MOST_US = 2 ** 50;

/** Times of a package come from anyone. */
export const timePlausible = (us: number): boolean => us >= 0 && us < 2 ** 53;

export interface SealGap {
  from: number;
  to: number;
  cause: Cause;
}

interface ChainLine {
  camera: string;
  volume: string;
  seq: number;
  /** microseconds since 1970; of a retired line both are when it was retired */
  from: number;
  to: number;
  prev: string;
  seal: LineSeal;
}

export interface SegmentSeal extends ChainLine {
  /** "<day>/<name>.mp4" */
  file: string;
  stream: 'main' | 'sub';
  bytes: number;
  /** RFC 6381 */
  codec: string;
  width: number;
  height: number;
  audio: string;
  offset: number;
  ntp: number;
  gaps: SealGap[];
  entryCount: number;
  root: string;
  /** hashes; null: its footage is not here */
  entries: string[] | null;
}

export type RetiredSeal = ChainLine;

/** "2026-11-24", a day that exists. */
export function dayPlausible(day: string): boolean {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)?.map(Number) ?? [];
  if (!year || !month || !date || month > 12) return false;
  return date <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

function fileName(reader: LineReader): string {
  const file = reader.chars('file', 63);
  const name = /^(.{10})\/([\dA-Za-z-][\dA-Za-z.-]*)?\.mp4$/.exec(file);
  if (!name || !dayPlausible(name[1]!)) reader.fail();
  return file;
}

function gapOf(reader: LineReader): SealGap {
  const gap = { from: 0, to: 0, cause: 'unknown' as Cause };
  reader.parts(
    () => (gap.from = reader.int(null)),
    () => (gap.to = reader.int(null)),
    () => {
      const told = reader.chars(null, 31);
      const cause = CAUSES.find((one) => one === told);
      if (cause) gap.cause = cause;
      else reader.fail();
    },
  );
  return gap;
}

function entriesOf(reader: LineReader, count: number): string[] | null {
  if (reader.failed || !reader.nextIs('leaves')) return null;
  const leaves = reader.base64('leaves', ENTRIES_MOST * 32);
  if (leaves.length !== count * 32) reader.fail();
  return Array.from({ length: leaves.length / 32 }, (_, i) => hexOf(leaves.subarray(32 * i, 32 * i + 32)));
}

/** null: it is none, to the letter. */
export function readSegment(text: string, bytes: Uint8Array): SegmentSeal | null {
  const reader = new LineReader(text, bytes);
  reader.start('segment');
  const camera = reader.uuid('camera');
  const volume = reader.uuid('volume');
  const seq = reader.count('seq');
  const file = fileName(reader);
  const stream = reader.chars('stream', 7);
  const from = reader.int('from_us');
  const to = reader.int('to_us');
  const size = reader.count('bytes');
  reader.count('pictures');
  const codec = reader.chars('codec', 31);
  const width = reader.count('width', INT32_MAX);
  const height = reader.count('height', INT32_MAX);
  const audio = reader.chars('audio', 31);
  const offset = reader.int('offset_us');
  const ntp = reader.int('ntp_us');
  const gaps: SealGap[] = [];
  reader.items('gaps', () => {
    gaps.push(gapOf(reader));
    if (gaps.length > GAPS_MOST) reader.fail();
  });
  reader.count('recovered', 1);
  const entryCount = reader.count('entries', ENTRIES_MOST);
  const root = reader.hash('root');
  const prev = reader.hash('prev');
  const seal = reader.seal();
  const entries = entriesOf(reader, entryCount);
  if (!reader.end() || seq === 0 || entryCount === 0 || from > to || (stream !== 'main' && stream !== 'sub')) return null;
  if (!timePlausible(from) || !timePlausible(to) || Math.abs(offset) >= OFFSET_MOST_US) return null;
  return { camera, volume, seq, file, stream, from, to, bytes: size, codec, width, height, audio, offset, ntp, gaps, entryCount, root, prev, seal, entries };
}

export function readRetired(text: string, bytes: Uint8Array): RetiredSeal | null {
  const reader = new LineReader(text, bytes);
  reader.start('retired');
  const camera = reader.uuid('camera');
  const volume = reader.uuid('volume');
  const seq = reader.count('seq');
  fileName(reader);
  const at = reader.int('at_us');
  reader.chars('reason', 63);
  reader.hash('seal');
  const prev = reader.hash('prev');
  const seal = reader.seal();
  return reader.end() && seq > 0 ? { camera, volume, seq, from: at, to: at, prev, seal } : null;
}
