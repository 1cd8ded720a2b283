// Working copies of a package: what the manifest says of them, and whether that is so (src/archive/package_working.c). They
// prove nothing; a check says which they are.

import type { Check } from './check';
import type { LineReader } from './line';
import { namePlausible } from './zip';

const WORKING_MOST = 8;
const BOXES_MOST = 32;
const MOMENTS_MOST = 2000;
const WHOLE = 10_000;
const LEAST = 50;
const LONGEST_US = 3_600_000_000;

/** An original from which a copy was made. */
interface Parent {
  name: string;
  hash: string;
}

export interface Working {
  name: string;
  parents: Parent[];
  camera: string;
  from: number;
  to: number;
  /** how many parts of its pictures are made unrecognisable */
  boxes: number;
}

const flag = (reader: LineReader) => reader.count(null, 1);

/** A key moment: when, and x, y, width and height in parts of the picture. */
function moment(reader: LineReader, span: { from: number; to: number }, before: number): number {
  const at: number[] = [];
  reader.parts(...Array.from({ length: 5 }, () => () => at.push(reader.int(null))));
  const [time = 0, x = 0, y = 0, width = 0, height = 0] = at;
  const within = (begin: number, length: number) => begin >= 0 && length >= LEAST && begin + length <= WHOLE;
  if (!within(x, width) || !within(y, height) || time < span.from || time > span.to || time <= before) reader.fail();
  return time;
}

/** `[camera, from, to, sound, boxes]`, as src/media/redaction.h has it. */
function redaction(reader: LineReader): Pick<Working, 'camera' | 'from' | 'to' | 'boxes'> {
  const read = { camera: '', from: 0, to: 0, boxes: 0 };
  let moments = 0;
  const box = () => {
    let before = -1;
    const first = moments;
    reader.parts(
      () => flag(reader),
      () =>
        reader.items(null, () => {
          before = moment(reader, read, before);
          if (++moments > MOMENTS_MOST) reader.fail();
        }),
    );
    if (++read.boxes > BOXES_MOST || moments === first) reader.fail();
  };
  reader.parts(
    () => (read.camera = reader.uuid(null)),
    () => (read.from = reader.count(null)),
    () => (read.to = reader.count(null)),
    () => flag(reader),
    () => reader.items(null, box),
  );
  if (read.boxes === 0 || read.to <= read.from || read.to - read.from > LONGEST_US) reader.fail();
  return read;
}

function workingOf(reader: LineReader): Working {
  const working = { name: '', parents: [] as Parent[] };
  let what = { camera: '', from: 0, to: 0, boxes: 0 };
  const parent = () => {
    const one = { name: '', hash: '' };
    reader.parts(
      () => (one.name = reader.chars(null, 127)),
      () => (one.hash = reader.hash(null)),
    );
    if (!namePlausible(one.name)) reader.fail();
    working.parents.push(one);
  };
  reader.parts(
    () => (working.name = reader.chars(null, 127)),
    () => reader.items(null, parent),
    () => reader.words(null),
    () => reader.words(null),
    () => (what = redaction(reader)),
  );
  if (!namePlausible(working.name)) reader.fail();
  return { ...working, ...what };
}

/** The member "working" of a manifest, which is not there without copies. */
export function readWorking(reader: LineReader): Working[] {
  const all: Working[] = [];
  if (!reader.nextIs('working')) return all;
  reader.items('working', () => {
    if (all.length === WORKING_MOST) reader.fail();
    else all.push(workingOf(reader));
  });
  if (all.length === 0) reader.fail();
  return all;
}

/** Copies against the footage that was found. */
export function checkWorking({ manifest, facts, faults, notes }: Check): void {
  const hashes = new Map(manifest.files.map(({ name, hash }) => [name, hash]));
  for (const [index, { name, camera, from, to, parents, boxes }] of manifest.working.entries()) {
    const at = manifest.cameras.findIndex(({ id }) => id === camera);
    const number = String(at + 1).padStart(2, '0');
    if (at < 0 || name !== `working/${number}/NOT-ORIGINAL_redacted-${index + 1}.mp4` || from < manifest.from || to > manifest.to || !hashes.has(name)) {
      faults.add('working', { file: name });
      continue;
    }
    const found = facts.media.filter((media) => media.camera === at && media.from < to && media.to > from);
    const same = found.length > 0 && found.length === parents.length && found.every((media, i) => media.name === parents[i]!.name && hashes.get(media.name) === parents[i]!.hash);
    if (same) notes.push({ code: 'notOriginal', params: { file: name, boxes, camera: number } });
    else faults.add('workingParents', { file: name });
  }
}
