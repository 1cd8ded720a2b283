// manifest.json, and the lists of continuity.json and time.json.

import { readFilms, type Film } from './films';
import { readGiven, type Given } from './given';
import { readHolds, type Hold } from './holds';
import { LineReader } from './line';
import { timePlausible } from './seals';
import { readWorking, type Working } from './working';
import { namePlausible } from './zip';

const FORMAT = 3;
/** From which on time.json tells of the cameras' clocks. */
export const FORMAT_CLOCKS = 2;
const FORMAT_FILMS = 2; // from which on a manifest tells of its films
const FORMAT_BASIS = 3; // from which on it tells of its legal basis and of holds
const CAMERAS_MOST = 64;
const MEDIA_MOST = 4096;
const PEOPLE_MOST = 4;
export const SPAN_MOST_US = 31 * 86_400_000_000;

export interface ManifestFile {
  name: string;
  bytes: number;
  hash: string;
}

export interface ManifestCamera {
  id: string;
  facts: Record<string, string | number>;
}

/** Who had to do with the package: "asked", "approved". */
export interface Person {
  part: string;
  id: string;
  name: string;
  role: string;
  at: number;
}

export interface Manifest {
  format: number;
  id: string;
  node: string;
  at: number;
  from: number;
  to: number;
  reason: string;
  made: string;
  /** by which law it was asked for; '': not told */
  basis: string;
  /** what keeps its footage from being deleted */
  holds: Hold[];
  /** number of the case; '': none */
  caseNumber: string;
  /** of the package; '': none */
  number: string;
  people: Person[];
  site: string;
  zone: string;
  program: string;
  cameras: ManifestCamera[];
  /** null: it is of a format that does not tell */
  films: Film[] | null;
  auditSeq: number;
  auditHead: string;
  /** all but manifest and signature, in the order of the ZIP */
  files: ManifestFile[];
  /** copies that are no originals */
  working: Working[];
  /** what households gave */
  given: Given[];
  key: string;
}

function cameraOf(reader: LineReader): ManifestCamera {
  const facts = new Map<string, string | number>();
  let id = '';
  let key: string | null = null;
  reader.array(null);
  if (!reader.item() || reader.chars(null, 31) !== 'id') reader.fail();
  if (reader.item()) id = reader.uuid(null);
  else reader.fail();
  while (reader.item()) {
    const value = reader.value();
    if (key === null) key = String(value);
    else {
      facts.set(key, value);
      key = null;
    }
  }
  if (key !== null) reader.fail(); // names and values in turn
  return { id, facts: Object.fromEntries(facts) };
}

function personOf(reader: LineReader): Person {
  const person = { part: '', id: '', name: '', role: '', at: 0 };
  reader.parts(
    () => (person.part = reader.words(null)),
    () => (person.id = reader.uuid(null)),
    () => (person.name = reader.words(null)),
    () => (person.role = reader.words(null)),
    () => (person.at = reader.int(null)),
  );
  return person;
}

export function peopleOf(reader: LineReader, name: string | null): Person[] {
  const people: Person[] = [];
  reader.items(name, () => {
    if (people.push(personOf(reader)) > PEOPLE_MOST) reader.fail();
  });
  return people;
}

export function fileOf(reader: LineReader): ManifestFile {
  const file = { name: '', bytes: 0, hash: '' };
  reader.parts(
    () => (file.name = reader.chars(null, 127)),
    () => (file.bytes = reader.count(null)),
    () => (file.hash = reader.hash(null)),
  );
  if (!namePlausible(file.name)) reader.fail();
  return file;
}

/** For which case, by whom, and where it was made: what a package and a certificate have in common. */
export function readOrigin(reader: LineReader): Pick<Manifest, 'caseNumber' | 'number' | 'people' | 'node' | 'site' | 'zone' | 'program'> {
  const caseNumber = reader.words('case');
  const number = reader.words('number');
  return { caseNumber, number, people: peopleOf(reader, 'people'), node: reader.uuid('node'), site: reader.words('site'), zone: reader.words('zone'), program: reader.words('program') };
}

/** `text` is the whole file. null: it is no manifest, to the byte. */
export function readManifest(text: string, bytes: Uint8Array): Manifest | null {
  if (!text.endsWith('\n')) return null;
  const reader = new LineReader(text.slice(0, -1), bytes);
  const cameras: ManifestCamera[] = [];
  const files: ManifestFile[] = [];
  reader.start('evidence-package');
  const format = reader.int('format');
  const id = reader.uuid('id');
  const at = reader.int('at_us');
  const from = reader.int('from_us');
  const to = reader.int('to_us');
  const reason = reader.words('reason');
  const made = reader.words('made');
  reader.words('approval');
  const told = format >= FORMAT_BASIS;
  const basis = told ? reader.words('basis') : '';
  const holds = told ? readHolds(reader) : [];
  const origin = readOrigin(reader);
  reader.items('cameras', () => {
    if (cameras.length === CAMERAS_MOST) reader.fail();
    cameras.push(cameraOf(reader));
  });
  const films = format >= FORMAT_FILMS ? readFilms(reader) : null;
  const auditSeq = reader.int('audit_seq');
  const auditHead = reader.hash('audit_head');
  reader.items('files', () => files.push(fileOf(reader)));
  const working = readWorking(reader);
  const given = readGiven(reader);
  const key = reader.chars('key', 16);
  const sound = reader.end() && format >= 1 && format <= FORMAT && (cameras.length > 0 || given.length > 0) && to > from && to - from <= SPAN_MOST_US && timePlausible(from) && timePlausible(to);
  const differ = new Set(cameras.map((camera) => camera.id)).size === cameras.length;
  return sound && differ ? { format, id, at, from, to, reason, made, basis, holds, ...origin, cameras, films, auditSeq, auditHead, files, working, given, key } : null;
}

/** As `sha256sum` writes it. */
export const sumsOf = (files: ManifestFile[]): string => files.map(({ hash, name }) => `${hash}  ${name}\n`).join('');

/** A footage file as continuity.json lists it. */
export interface ListedMedia {
  name: string;
  volume: string;
  seq: number;
  /** fragments of the segment, counted from 1 */
  first: number;
  last: number;
  from: number;
  to: number;
}

function listedOf(reader: LineReader): ListedMedia {
  const media = { name: '', volume: '', seq: 0, first: 0, last: 0, from: 0, to: 0 };
  reader.parts(
    () => (media.name = reader.chars(null, 127)),
    () => (media.volume = reader.uuid(null)),
    ...(['seq', 'first', 'last', 'from', 'to'] as const).map((name) => () => (media[name] = reader.int(null))),
  );
  return media;
}

/** Media as continuity.json lists them, whatever else it says; null when it is none. */
export function readListed(text: string, bytes: Uint8Array): ListedMedia[] | null {
  const reader = new LineReader(text, bytes);
  const all: ListedMedia[] = [];
  reader.start('continuity');
  reader.int('from_us');
  reader.int('to_us');
  reader.array('media');
  while (reader.item() && all.length < MEDIA_MOST) all.push(listedOf(reader));
  return reader.failed ? null : all;
}
