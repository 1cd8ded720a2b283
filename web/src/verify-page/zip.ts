// The ZIP of a package (docs/reference/evidence.md): one way to write given entries, to the byte. The directory is
// read, written again from what was read, and compared, so that nothing can hide in it or between the files.

import { bytesOf, sameBytes, textOf, u16le, u32le, u64le, type Bytes } from './bytes';
import type { Source } from './source';

export interface ZipEntry {
  name: string;
  bytes: number;
  /** of its local header */
  offset: number;
  crc: number;
}

const END_BYTES = 22;
const END_MOST_BYTES = 98; // with what ZIP64 puts before it
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const LOCAL_EXTRA_BYTES = 20;
const NAME_MOST = 127;
const ENTRIES_MOST = 65_536;
const DIRECTORY_MOST_BYTES = 16 << 20;
const NOT_HERE = 0xffff_ffff; // the number stands in a ZIP64 field
const FIRST_DAY = 0x0021; // 1980-01-01: no time is told
const UNIX = 3 << 8;
const FILE_MODE = 0o100644 * 0x10000;

/** A relative path of letters, digits and - _ . /, no part of it empty or beginning with a dot. */
export const namePlausible = (name: string): boolean => name.length <= NAME_MOST && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name);

/** Little-endian numbers one behind the other. */
function laid(...parts: (readonly [value: number, bytes: 2 | 4 | 8] | string)[]): Bytes {
  const size = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : part[1]), 0);
  const to = new Uint8Array(size);
  const view = new DataView(to.buffer);
  let at = 0;
  for (const part of parts) {
    if (typeof part === 'string') to.set(bytesOf(part), at);
    else if (part[1] === 2) view.setUint16(at, part[0], true);
    else {
      view.setUint32(at, part[0] % 2 ** 32, true);
      if (part[1] === 8) view.setUint32(at + 4, Math.floor(part[0] / 2 ** 32), true);
    }
    at += typeof part === 'string' ? part.length : part[1];
  }
  return to;
}

const fitting = (value: number) => Math.min(value, NOT_HERE);

/** From the version to the length of the name: the same in both kinds of headers. */
const common = ({ name, bytes, crc }: ZipEntry, zip64: boolean) =>
  [[zip64 ? 45 : 20, 2], [0, 2], [0, 2], [0, 2], [FIRST_DAY, 2], [crc, 4], [fitting(bytes), 4], [fitting(bytes), 4], [name.length, 2]] as const;

export function localHeader(entry: ZipEntry): Bytes {
  const large = entry.bytes >= NOT_HERE;
  const head = [[0x04034b50, 4], ...common(entry, large), [large ? LOCAL_EXTRA_BYTES : 0, 2], entry.name] as const;
  return large ? laid(...head, [1, 2], [16, 2], [entry.bytes, 8], [entry.bytes, 8]) : laid(...head);
}

export const localBytes = (entry: ZipEntry): number => LOCAL_BYTES + entry.name.length + (entry.bytes >= NOT_HERE ? LOCAL_EXTRA_BYTES : 0);

/** Where its bytes begin. */
export const entryAt = (entry: ZipEntry): number => entry.offset + localBytes(entry);

function centralHeader(entry: ZipEntry): Bytes {
  const large = entry.bytes >= NOT_HERE;
  const far = entry.offset >= NOT_HERE;
  const extra = (large ? 16 : 0) + (far ? 8 : 0);
  const version = UNIX | (extra ? 45 : 20);
  const head = [[0x02014b50, 4], [version, 2], ...common(entry, extra > 0), [extra ? extra + 4 : 0, 2], [0, 2], [0, 2], [0, 2], [FILE_MODE, 4], [fitting(entry.offset), 4], entry.name] as const;
  const sizes = large ? ([[entry.bytes, 8], [entry.bytes, 8]] as const) : [];
  const where = far ? ([[entry.offset, 8]] as const) : [];
  return extra ? laid(...head, [1, 2], [extra, 2], ...sizes, ...where) : laid(...head);
}

function endRecords(count: number, offset: number, bytes: number): Bytes {
  const many = count >= 0xffff;
  const small = Math.min(count, 0xffff);
  const end = [[0x06054b50, 4], [0, 4], [small, 2], [small, 2], [fitting(bytes), 4], [fitting(offset), 4], [0, 2]] as const;
  if (!many && offset < NOT_HERE) return laid(...end);
  return laid(
    ...([[0x06064b50, 4], [44, 8], [UNIX | 45, 2], [45, 2], [0, 4], [0, 4], [count, 8], [count, 8], [bytes, 8], [offset, 8]] as const),
    ...([[0x07064b50, 4], [0, 4], [offset + bytes, 8], [1, 4]] as const),
    ...end,
  );
}

/** What stands behind the last entry, which ends at `offset`. */
export function directoryOf(entries: ZipEntry[], offset: number): Bytes {
  const parts = entries.map(centralHeader);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  parts.push(endRecords(entries.length, offset, bytes));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Where the directory begins; NaN when the file does not end as a package does. */
function directoryAt(end: Uint8Array, fileBytes: number): number {
  const record = end.length - END_BYTES;
  if (record < 0 || u32le(end, record) !== 0x06054b50) return NaN;
  let offset = u32le(end, record + 16);
  if (offset === NOT_HERE || u16le(end, record + 10) === 0xffff) {
    if (end.length < END_MOST_BYTES) return NaN;
    offset = u64le(end, end.length - END_MOST_BYTES + 48);
  }
  return offset < fileBytes && fileBytes - offset <= DIRECTORY_MOST_BYTES ? offset : NaN;
}

function readCentral(data: Uint8Array, at: number): { entry: ZipEntry; next: number } | null {
  if (data.length - at < CENTRAL_BYTES) return null;
  const nameBytes = u16le(data, at + 28);
  const extraBytes = u16le(data, at + 30);
  const extra = at + CENTRAL_BYTES + nameBytes;
  if (extra + extraBytes > data.length) return null;
  const name = textOf(data.subarray(at + CENTRAL_BYTES, extra));
  const entry = { name, bytes: u32le(data, at + 24), offset: u32le(data, at + 42), crc: u32le(data, at + 16) };
  let large = extra + 4;
  if (entry.bytes === NOT_HERE && large + 16 <= data.length) {
    entry.bytes = u64le(data, large);
    large += 16;
  }
  if (entry.offset === NOT_HERE && large + 8 <= data.length) entry.offset = u64le(data, large);
  return namePlausible(name) ? { entry, next: extra + extraBytes } : null;
}

/** Each entry begins where the one before ends, the first where the file does; each name stands there once. */
function lieSideBySide(entries: ZipEntry[], until: number): boolean {
  let at = 0;
  for (const entry of entries) {
    if (entry.offset !== at) return false;
    at = entryAt(entry) + entry.bytes;
    if (!(at <= until)) return false;
  }
  return at === until && new Set(entries.map(({ name }) => name)).size === entries.length;
}

/** The entries of a directory that stands at `offset` of the file; null when it is not what we would write. */
export function readDirectory(data: Bytes, offset: number): ZipEntry[] | null {
  const entries: ZipEntry[] = [];
  for (let at = 0; data.length - at >= CENTRAL_BYTES && u32le(data, at) === 0x02014b50; ) {
    const read = readCentral(data, at);
    if (!read || entries.length === ENTRIES_MOST) return null;
    entries.push(read.entry);
    at = read.next;
  }
  return lieSideBySide(entries, offset) && sameBytes(directoryOf(entries, offset), data) ? entries : null;
}

/** The files of a ZIP, or what is wrong with it. */
export async function zipEntries(source: Source): Promise<ZipEntry[] | 'cutOff' | 'directory'> {
  const seen = Math.min(END_MOST_BYTES, source.bytes);
  const offset = directoryAt(await source.read(source.bytes - seen, seen), source.bytes);
  if (Number.isNaN(offset)) return 'cutOff';
  return readDirectory(await source.read(offset, source.bytes - offset), offset) ?? 'directory';
}
