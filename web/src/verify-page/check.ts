// Checks a package as `vonglau verify FILE.zip` does (src/archive/package_*.c): the ZIP, the manifest, the bytes of each
// file, then what the files say. Everything in it comes from whoever handed it over.

import { sameBytes, textOf, type Bytes } from './bytes';
import { clocksPlausible, hasClocks, readTime, type Clock } from './clocks';
import { checkFootage } from './footage';
import { continuityText, gapsOf, timeText, type Facts, type Gap } from './facts';
import { Faults, TooManyFaults, type Fault } from './faults';
import { checkFilms, noteLeads, noteOverlaps } from './films';
import { checkGiven, givenNames } from './given';
import { checkHolds, holdNames } from './holds';
import { judge, type CameraVerdict } from './judge';
import { KeyRing, pemOf } from './keyring';
import { LINE_MOST_BYTES } from './line';
import { readListed, readManifest, sumsOf, type ListedMedia, type Manifest } from './manifest';
import { checkNegative, type Negative } from './negative';
import { checkPackedAll, isPacked, type Packed } from './packed';
import { checkCustody, checkRoots, type Note } from './proofs';
import { chainOf } from './roots';
import { Source, type TextLine } from './source';
import { crc32, signatureHolds } from './sums';
import { checkWorking } from './working';
import { entryAt, localHeader, zipEntries, type ZipEntry } from './zip';

const TEXT_PIECE_BYTES = 256 << 10;
const SUMS_MOST_BYTES = 16 << 20;
const SMALL_MOST_BYTES = 4096;
const KNOWN = [
  'manifest.json', 'manifest.sig', 'continuity.json', 'time.json', 'custody.jsonl', 'proofs/keys.jsonl', 'proofs/node-key.pem', 'proofs/roots.jsonl', 'proofs/paths.jsonl', 'SHA256SUMS', 'VERIFY.md', 'verify.html', 'report.pdf', 'proofs/days.jsonl',
];

/** A line of a camera's chain as the package has it. */
export interface SealLine {
  camera: number;
  volume: string;
  seq: number;
  hash: string;
  from: number;
  to: number;
  /** its leaves are there, so its media must be */
  hasFootage: boolean;
  /** a path leads from it to a root that is signed */
  rooted: boolean;
  /** to one of a day */
  day: boolean;
}

export interface Counts {
  segments: number;
  fragments: number;
  lines: number;
  roots: number;
}

export interface Result {
  faults: Fault[];
  notes: Note[];
  counts: Counts;
  /** null: there is none that can be read */
  manifest: Manifest | null;
  /** what a negative certificate says; null: it is a package of footage */
  negative: Negative | null;
  /** negative certificates that go along */
  packed: Packed[];
  facts: Facts | null;
  gaps: Gap[];
  clocks: Clock[];
  cameras: CameraVerdict[];
  /** of the node's keys, in hex, oldest first */
  fingerprints: string[];
  /** there were too many faults to tell all */
  endedEarly: boolean;
}

/** What the parts of a check share. */
export class Check {
  readonly faults = new Faults();
  readonly notes: Note[] = [];
  readonly counts: Counts = { segments: 0, fragments: 0, lines: 0, roots: 0 };
  entries: ZipEntry[] = [];
  private readonly byName = new Map<string, ZipEntry>();
  manifest!: Manifest;
  facts!: Facts;
  /** null: there are no keys that can be read, and signatures are not checked */
  ring: KeyRing | null = null;
  negative: Negative | null = null;
  readonly packed: Packed[] = [];
  manifestSigned = false;
  /** some footage is not as it was sealed: its films are not counted */
  torn = false;
  /** readings of the cameras' own clocks, three of each; none: not told */
  clocks: Clock[] = [];
  /** as continuity.json lists them */
  listed: ListedMedia[] = [];
  /** by chainOf() and number */
  readonly seals = new Map<string, SealLine>();

  constructor(readonly source: Source) {}

  take(entries: ZipEntry[]): void {
    this.entries = entries;
    for (const entry of entries) this.byName.set(entry.name, entry);
  }

  entry(name: string): ZipEntry | undefined {
    return this.byName.get(name);
  }

  sealKey(camera: string, volume: string, seq: number): string {
    return `${chainOf(camera, volume)} ${seq}`;
  }

  /** All of a file; null, and told, when there is none or it is larger than it may be. */
  async readWhole(name: string, most: number): Promise<Bytes | null> {
    const entry = this.entry(name);
    if (entry && entry.bytes <= most) return this.source.read(entryAt(entry), entry.bytes);
    this.faults.add(entry ? 'tooLarge' : 'notThere', { file: name });
    return null;
  }

  /** Each line of a file; a line that is too long to be one is not read. */
  async *lines(name: string): AsyncGenerator<TextLine> {
    const entry = this.entry(name);
    if (!entry) {
      this.faults.add('notThere', { file: name });
      return;
    }
    let rest: Bytes = new Uint8Array(0);
    let number = 0;
    let long = false; // `rest` goes on with a line whose beginning was dropped
    const end = entryAt(entry) + entry.bytes;
    for (let at = entryAt(entry); at < end; at += TEXT_PIECE_BYTES) {
      const piece = await this.source.read(at, Math.min(TEXT_PIECE_BYTES, end - at));
      let begin = 0;
      for (let newline = piece.indexOf(10); newline >= 0; newline = piece.indexOf(10, begin)) {
        yield lineOf(joined(rest, piece.subarray(begin, newline)), ++number, true, long);
        rest = new Uint8Array(0);
        long = false;
        begin = newline + 1;
      }
      rest = joined(rest, piece.subarray(begin));
      if (rest.length > LINE_MOST_BYTES) {
        long = true;
        rest = rest.slice(0, 1);
      }
    }
    if (rest.length > 0) yield lineOf(rest, ++number, false, long);
  }

  /** Takes the node's keys, unless they cannot be read, which is told. */
  async readKeys(): Promise<void> {
    const file = 'proofs/keys.jsonl';
    const ring = new KeyRing();
    if (!this.entry(file)) {
      this.faults.add('notThere', { file });
      this.faults.add('noKeys', { file });
      return;
    }
    for await (const line of this.lines(file)) {
      const wrong = line.ended ? ring.take(line.text, line.bytes) : 'noEnd';
      if (!wrong) continue;
      this.faults.add(`key.${wrong}`, { file }, { line: line.number });
      return;
    }
    this.ring = ring;
  }

  /** What stands before each file in the ZIP against the directory. */
  async checkHeaders(): Promise<void> {
    for (const entry of this.entries) {
      const wanted = localHeader(entry);
      if (!sameBytes(await this.source.read(entry.offset, wanted.length), wanted)) this.faults.add('header', { file: entry.name });
    }
  }

  /** Both sums of a file's bytes. */
  async sumsOf(entry: ZipEntry): Promise<{ hash: string; crc: number }> {
    let crc = 0;
    const hash = await this.source.hash(entryAt(entry), entry.bytes, (piece) => (crc = crc32(crc, piece)));
    return { hash, crc };
  }

  /** Whether a signed line holds; tells the fault. The key's place in the ring, or -1. */
  signature(line: TextLine, seal: { key: string; signature: Bytes; signedBytes: number }, where: { file: string; camera?: string; from?: number; to?: number }): number {
    if (!this.ring) return -1;
    const index = this.ring.find(seal.key);
    if (index < 0) this.faults.add('lineForeignKey', where, { line: line.number, key: seal.key });
    else if (signatureHolds(this.ring.keys[index]!.bytes, line.bytes.subarray(0, seal.signedBytes), seal.signature)) return index;
    else this.faults.add('lineSignature', where, { line: line.number });
    return -1;
  }
}

function joined(a: Bytes, b: Bytes): Bytes {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const lineOf = (bytes: Bytes, number: number, ended: boolean, long: boolean): TextLine => ({ text: long ? '' : textOf(bytes), bytes, number, ended, long });

/** True when there is a manifest that can be read. */
async function checkManifest(check: Check): Promise<boolean> {
  const bytes = await check.readWhole('manifest.json', LINE_MOST_BYTES + 1);
  await check.readKeys();
  if (!bytes) return false;
  const manifest = readManifest(textOf(bytes), bytes);
  if (!manifest) {
    check.faults.add('noManifest', { file: 'manifest.json' });
    return false;
  }
  check.manifest = manifest;
  const signature = await check.readWhole('manifest.sig', SMALL_MOST_BYTES);
  if (!signature || !check.ring) return true;
  const key = check.ring.keys[check.ring.find(manifest.key)];
  if (!key) {
    check.faults.add('manifestKey', { file: 'manifest.sig' }, { key: manifest.key });
    return true;
  }
  const pem = await check.readWhole('proofs/node-key.pem', SMALL_MOST_BYTES);
  if (pem && textOf(pem) !== pemOf(key)) check.faults.add('pem', { file: 'proofs/node-key.pem' });
  check.manifestSigned = signatureHolds(key.bytes, bytes, signature);
  if (!check.manifestSigned) check.faults.add('manifestSignature', { file: 'manifest.json' });
  return true;
}

/** The camera whose footage a name says it is; '': of none. */
function cameraOfName(check: Check, name: string): string {
  const number = /^media\/(\d{1,4})/.exec(name)?.[1];
  return check.manifest.cameras[Number(number) - 1]?.id ?? '';
}

async function checkFiles(check: Check): Promise<void> {
  const { entries, faults } = check;
  const { files } = check.manifest;
  const last = ['manifest.json', 'manifest.sig'];
  if (entries.at(-1)?.name === 'proofs/days.jsonl') last.push('proofs/days.jsonl'); // added after the signing
  if (entries.length !== files.length + last.length) faults.add('fileCount', { file: 'manifest.json' }, { listed: files.length, there: Math.max(0, entries.length - last.length) });
  for (let i = 0; i < Math.min(files.length, entries.length); i++) {
    const file = files[i]!;
    const entry = entries[i]!;
    const where = { file: file.name, camera: cameraOfName(check, file.name) };
    if (file.name !== entry.name) {
      faults.add('fileOrder', where, { name: entry.name });
      continue;
    }
    const sums = file.bytes === entry.bytes ? await check.sumsOf(entry) : null;
    if (sums?.hash !== file.hash) faults.add('fileChanged', where);
    else if (sums.crc !== entry.crc) faults.add('fileCrc', where);
  }
  for (const [i, name] of last.entries()) {
    const entry = entries[files.length + i];
    const sums = entry?.name === name ? await check.sumsOf(entry) : null;
    if (!entry || sums?.crc !== entry.crc) faults.add('last', { file: name });
  }
}

async function checkSums(check: Check): Promise<void> {
  const told = await check.readWhole('SHA256SUMS', SUMS_MOST_BYTES);
  const { files } = check.manifest;
  if (told && files.length > 0 && textOf(told) !== sumsOf(files.slice(0, -1))) check.faults.add('sums', { file: 'SHA256SUMS' });
}

export const sealsName = (camera: number): string => `proofs/seals-${String(camera + 1).padStart(2, '0')}.jsonl`;

/** No file but those that a package of this format has. */
function checkNames(check: Check): void {
  const names = new Set([...KNOWN, ...check.listed.map(({ name }) => name), ...check.manifest.working.map(({ name }) => name), ...givenNames(check.manifest.given), ...holdNames(check.manifest.holds), ...check.facts.cameras.map((_, camera) => sealsName(camera))]);
  for (const { name } of check.entries) if (!names.has(name) && !isPacked(name)) check.faults.add('foreign', { file: name, camera: cameraOfName(check, name) });
}

/** Continuity and time as told against what was found. */
async function checkFacts(check: Check, continuity: Bytes | null, gaps: Gap[]): Promise<void> {
  const { facts, faults } = check;
  if (continuity && textOf(continuity) !== continuityText(facts, gaps)) faults.add('otherFacts', { file: 'continuity.json' });
  const time = await check.readWhole('time.json', LINE_MOST_BYTES + 1);
  if (!time) return;
  const told = readTime(textOf(time), time);
  if (!hasClocks(told, check.manifest, facts.cameras.length)) {
    faults.add('noClocks', { file: 'time.json' });
    return;
  }
  if (textOf(time) !== timeText(facts, gaps, told)) faults.add('otherFacts', { file: 'time.json' });
  if (told.at !== check.manifest.at) faults.add('otherTime', { file: 'time.json' });
  if (told.clocks && !clocksPlausible(told.clocks, told.at)) faults.add('clocks', { file: 'time.json' });
  check.clocks = told.clocks ?? [];
}

/** All but the verdict of the seconds. */
async function checkContent(check: Check): Promise<void> {
  await checkFiles(check);
  await checkSums(check);
  const continuity = await check.readWhole('continuity.json', LINE_MOST_BYTES + 1);
  if (continuity) check.listed = readListed(textOf(continuity).slice(0, -1), continuity) ?? [];
  checkNames(check);
  await checkFootage(check);
  noteLeads(check);
  noteOverlaps(check);
  await checkRoots(check);
  checkFilms(check, check.manifest.films);
  await checkHolds(check);
  checkWorking(check);
  await checkGiven(check);
  await checkCustody(check);
  await checkFacts(check, continuity, gapsOf(check.facts));
  await checkPackedAll(check, (source) => new Check(source));
}

/** Whatever is found before there are too many faults. */
async function checkAll(check: Check): Promise<boolean> {
  try {
    const entries = await zipEntries(check.source);
    if (typeof entries === 'string') {
      check.faults.add(entries);
      return false;
    }
    check.take(entries);
    await check.checkHeaders();
    if (check.entry('certificate.json') && !check.entry('manifest.json')) {
      await checkNegative(check);
      return false;
    }
    if (!(await checkManifest(check))) return false;
    const { from, to, cameras } = check.manifest;
    check.facts = { from, to, cameras: cameras.map(({ id }) => id), media: [], declared: [] };
    await checkContent(check);
    return false;
  } catch (error) {
    if (error instanceof TooManyFaults) return true;
    throw error;
  }
}

/** How many bytes a check of a file counts in its progress, about: each is summed as part of a file, footage a second time. */
export const workOf = (bytes: number): number => Math.max(1, 2 * bytes);

/** Rejects with Unreadable or Stopped. */
export async function checkPackage(source: Source): Promise<Result> {
  const check = new Check(source);
  const endedEarly = await checkAll(check);
  const facts = check.facts ?? null;
  const gaps = facts ? gapsOf(facts) : [];
  return {
    faults: check.faults.all,
    notes: check.notes,
    counts: check.counts,
    manifest: check.manifest ?? null,
    negative: check.negative,
    packed: check.packed,
    facts,
    gaps,
    clocks: check.clocks,
    cameras: facts ? judge(facts, gaps, check.faults.all, check.manifestSigned && check.ring !== null) : [],
    fingerprints: check.ring?.keys.map(({ fingerprint }) => fingerprint) ?? [],
    endedEarly,
  };
}

