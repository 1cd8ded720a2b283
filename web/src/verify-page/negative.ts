// A negative certificate: read, and its verdict made again from what it lists (src/archive/certificate.c, certificate_check.c).
// Everything in it comes from whoever handed it over.

import { textOf } from './bytes';
import type { Check } from './check';
import { LINE_MOST_BYTES, LineReader } from './line';
import { fileOf, readOrigin, SPAN_MOST_US, type Manifest } from './manifest';
import { CAUSES, timePlausible, type Cause } from './seals';
import { pemOf } from './keyring';
import { signatureHolds } from './sums';

export const COLUMNS = 32;
export const ROWS = 18;
const CELLS = COLUMNS * ROWS;
const REGION_HEX = CELLS / 4;
const CAMERAS_MOST = 64;
const SPANS_MOST = 2000;
const SECOND_US = 1_000_000;
const SMALL_MOST_BYTES = 4096;
export const FILE = 'certificate.json';
const SIGNATURE = 'certificate.sig';

/** From well to ill. */
export const NEGATIVE_VERDICTS = ['empty', 'not-proven', 'not-empty'] as const;
export type NegativeVerdict = (typeof NEGATIVE_VERDICTS)[number];

export interface NegativeSpan {
  from: number;
  to: number;
  /** of a gap */
  cause?: Cause;
}

/** A cell of the region that moved, or could not be seen, for so many seconds. */
export interface NegativeCell {
  cell: number;
  moved: number;
  unknown: number;
}

export interface NegativeCamera {
  id: string;
  name: string;
  /** as it is told; a check makes it again */
  verdict: NegativeVerdict;
  /** hex of its cells, row by row, the first in the highest bit */
  region: string;
  ntpLeast: number;
  ntpMost: number;
  sparsely: number;
  gaps: NegativeSpan[];
  moved: NegativeSpan[];
  unknown: NegativeSpan[];
  partly: NegativeSpan[];
  cells: NegativeCell[];
}

export interface Negative {
  verdict: NegativeVerdict;
  cameras: NegativeCamera[];
}

export const inRegion = ({ region }: Pick<NegativeCamera, 'region'>, cell: number): boolean => ((parseInt(region.charAt(cell >> 2), 16) >> (3 - (cell & 3))) & 1) === 1;

// ---- reading

function verdictOf(reader: LineReader, key: string | null): NegativeVerdict {
  const text = reader.chars(key, 15);
  const known = NEGATIVE_VERDICTS.find((one) => one === text);
  if (!known) reader.fail();
  return known ?? 'not-proven';
}

function spansOf(reader: LineReader, causes: boolean): NegativeSpan[] {
  const all: NegativeSpan[] = [];
  reader.items(null, () => {
    const span: NegativeSpan = { from: 0, to: 0 };
    const cause = () => {
      const told = reader.chars(null, 31);
      const known = CAUSES.find((one) => one === told);
      if (known) span.cause = known;
      else reader.fail();
    };
    reader.parts(
      () => (span.from = reader.int(null)),
      () => (span.to = reader.int(null)),
      ...(causes ? [cause] : []),
    );
    if (all.push(span) > SPANS_MOST) reader.fail();
  });
  return all;
}

function cellsOf(reader: LineReader): NegativeCell[] {
  const all: NegativeCell[] = [];
  reader.items(null, () => {
    const one: NegativeCell = { cell: 0, moved: 0, unknown: 0 };
    reader.parts(...(['cell', 'moved', 'unknown'] as const).map((name) => () => (one[name] = reader.int(null))));
    if (all.push(one) > CELLS) reader.fail();
  });
  return all;
}

function cameraOf(reader: LineReader): NegativeCamera {
  const camera: NegativeCamera = { id: '', name: '', verdict: 'not-proven', region: '', ntpLeast: 0, ntpMost: 0, sparsely: 0, gaps: [], moved: [], unknown: [], partly: [], cells: [] };
  reader.parts(
    () => (camera.id = reader.uuid(null)),
    () => (camera.name = reader.words(null)),
    () => (camera.verdict = verdictOf(reader, null)),
    () => (camera.region = reader.chars(null, REGION_HEX)),
    () => (camera.ntpLeast = reader.int(null)),
    () => (camera.ntpMost = reader.int(null)),
    () => reader.int(null), // the camera's own clock
    () => reader.int(null), // seconds looked at often
    () => (camera.sparsely = reader.int(null)),
    () => (camera.gaps = spansOf(reader, true)),
    () => (camera.moved = spansOf(reader, false)),
    () => (camera.unknown = spansOf(reader, false)),
    () => (camera.partly = spansOf(reader, false)),
    () => (camera.cells = cellsOf(reader)),
  );
  if (!/^[0-9a-f]+$/.test(camera.region) || camera.region.length !== REGION_HEX) reader.fail();
  return camera;
}

/** `text` is the whole file. null: it is no certificate, to the byte. */
export function readNegative(text: string, bytes: Uint8Array): { about: Manifest; negative: Negative } | null {
  if (!text.endsWith('\n')) return null;
  const reader = new LineReader(text.slice(0, -1), bytes);
  reader.start('negative-certificate');
  const format = reader.int('format');
  const id = reader.uuid('id');
  const verdict = verdictOf(reader, 'verdict');
  const at = reader.int('at_us');
  const from = reader.int('from_us');
  const to = reader.int('to_us');
  const reason = reader.words('reason');
  reader.words('approval');
  const origin = readOrigin(reader);
  const cameras: NegativeCamera[] = [];
  reader.items('cameras', () => {
    if (cameras.length === CAMERAS_MOST) reader.fail();
    else cameras.push(cameraOf(reader));
  });
  const files: Manifest['files'] = [];
  reader.items('files', () => files.push(fileOf(reader)));
  const key = reader.chars('key', 16);
  const sound = reader.end() && format === 1 && cameras.length > 0 && to > from && to - from <= SPAN_MOST_US && timePlausible(from) && timePlausible(to);
  if (!sound) return null;
  const named = cameras.map((camera) => ({ id: camera.id, facts: { name: camera.name } }));
  return { negative: { verdict, cameras }, about: { format: 1, id, at, from, to, reason, made: 'server', ...origin, cameras: named, films: null, auditSeq: 0, auditHead: '', files, working: [], given: [], basis: '', holds: [], key } };
}

// ---- what follows

export function clockIsWell({ gaps, ntpLeast, ntpMost }: NegativeCamera): boolean {
  return gaps.every(({ cause }) => cause !== 'clock-step') && [ntpLeast, ntpMost].every((ntp) => ntp > -SECOND_US && ntp < SECOND_US);
}

export function judgeCamera(camera: NegativeCamera): NegativeVerdict {
  if (camera.moved.length > 0) return 'not-empty';
  const seen = camera.gaps.length === 0 && camera.unknown.length === 0 && camera.partly.length === 0;
  return seen && clockIsWell(camera) ? 'empty' : 'not-proven';
}

const worst = (all: NegativeVerdict[]): NegativeVerdict => NEGATIVE_VERDICTS[Math.max(...all.map((one) => NEGATIVE_VERDICTS.indexOf(one)))]!;

/** In order, apart, and within what was asked for. */
function spansStand(spans: NegativeSpan[], begin: number, end: number): boolean {
  let at = begin;
  return spans.every(({ from, to }) => {
    const stands = from >= at && from < to && to <= end;
    at = to;
    return stands;
  });
}

function cellsStand(camera: NegativeCamera): boolean {
  let before = -1;
  const stand = camera.cells.every(({ cell, moved, unknown }) => {
    const stands = cell > before && cell < CELLS && moved >= 0 && unknown >= 0 && moved + unknown > 0 && inRegion(camera, cell);
    before = cell;
    return stands;
  });
  return stand && camera.cells.some(({ moved }) => moved > 0) === camera.moved.length > 0;
}

// ---- checking

async function checkSignature(check: Check, bytes: Uint8Array): Promise<void> {
  const { faults, ring, manifest } = check;
  const signature = await check.readWhole(SIGNATURE, SMALL_MOST_BYTES);
  const key = ring?.keys[ring.find(manifest.key)];
  if (ring && !key) faults.add('negativeKey', { file: SIGNATURE }, { key: manifest.key });
  if (!key || !signature) return;
  const pem = await check.readWhole('proofs/node-key.pem', SMALL_MOST_BYTES);
  if (pem && textOf(pem) !== pemOf(key)) faults.add('negativePem', { file: 'proofs/node-key.pem' });
  check.manifestSigned = signatureHolds(key.bytes, bytes, signature);
  if (!check.manifestSigned) faults.add('negativeSignature', { file: FILE });
}

/** In the order of its list; then the certificate and its signature, which are in no list. */
async function checkFiles(check: Check): Promise<void> {
  const { entries, faults } = check;
  const { files } = check.manifest;
  const last = [FILE, SIGNATURE];
  if (entries.length !== files.length + last.length) faults.add('negativeFiles', { file: FILE });
  for (const [i, entry] of entries.entries()) {
    const file = files[i];
    const sums = await check.sumsOf(entry);
    const stands = file ? file.name === entry.name && file.bytes === entry.bytes && file.hash === sums.hash : entry.name === last[i - files.length];
    if (!stands || sums.crc !== entry.crc) faults.add('negativeFile', { file: entry.name });
  }
}

const seconds = (spans: NegativeSpan[]): number => Math.ceil(spans.reduce((sum, { from, to }) => sum + to - from, 0) / SECOND_US);

function checkCamera(check: Check, camera: NegativeCamera): void {
  const { from, to } = check.manifest;
  const begin = from - (from % SECOND_US);
  const lists = [camera.gaps, camera.moved, camera.unknown, camera.partly];
  const where = { file: FILE, camera: camera.id };
  if (!cellsStand(camera) || !lists.every((spans) => spansStand(spans, begin, to + SECOND_US - 1))) return check.faults.add('negativeSpans', where);
  if (camera.verdict !== judgeCamera(camera)) check.faults.add('negativeCamera', where);
  const [gaps, moved, unknown, partly] = lists.map((spans) => ({ n: spans.length, s: seconds(spans) }));
  const params = { camera: camera.id, verdict: camera.verdict, gaps: gaps!.n, gapS: gaps!.s, moved: moved!.n, movedS: moved!.s, unknown: unknown!.n, unknownS: unknown!.s, partly: partly!.n, partlyS: partly!.s, sparsely: camera.sparsely };
  check.notes.push({ code: clockIsWell(camera) ? 'negativeCamera' : 'negativeCameraClock', params });
}

/** Fills in what the check tells of it. */
export async function checkNegative(check: Check): Promise<void> {
  const bytes = await check.readWhole(FILE, LINE_MOST_BYTES + 1);
  const read = bytes && readNegative(textOf(bytes), bytes);
  if (bytes && !read) check.faults.add('notNegative', { file: FILE });
  if (!bytes || !read) return;
  check.manifest = read.about;
  check.negative = read.negative;
  check.counts.lines++;
  await check.readKeys();
  await checkSignature(check, bytes);
  await checkFiles(check);
  const { verdict, cameras } = read.negative;
  if (verdict !== worst(cameras.map(judgeCamera))) check.faults.add('negativeVerdict', { file: FILE });
  check.notes.push({ code: `negative.${verdict}`, params: { number: read.about.number } });
  for (const camera of cameras) checkCamera(check, camera);
}
