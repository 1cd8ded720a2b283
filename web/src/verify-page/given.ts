// What households gave, as a package has it (src/archive/package_given*.c): each file against what had arrived, and against
// what its household was asked and agreed to. No second of it has a verdict: nobody saw it recorded.

import { textOf } from './bytes';
import type { Check } from './check';
import { LINE_MOST_BYTES, LineReader } from './line';
import { namePlausible } from './zip';

const GIVEN_MOST = 64;
const LOOKS_MOST = 100 * GIVEN_MOST;
const NAME_MOST = 127;
const WORD_MOST = 15;
const TYPE_MOST = 23;
const ENDINGS = new Map([['image/jpeg', 'jpg'], ['image/png', 'png'], ['image/webp', 'webp'], ['video/mp4', 'mp4'], ['video/quicktime', 'mov'], ['video/webm', 'webm']]);

/** A file that a household gave. */
export interface Given {
  name: string;
  /** its number in the package; nothing names it otherwise */
  household: number;
  file: string;
  answer: string;
  request: string;
  /** when all of it had come */
  at: number;
  /** of what had come then */
  hash: string;
  type: string;
}

interface Consent {
  household: number;
  request: string;
  answer: string;
  caseNumber: string;
  files: (Pick<Given, 'name' | 'file' | 'type' | 'hash' | 'at'> & { bytes: number })[];
}

const padded = (household: number): string => String(household).padStart(2, '0');
const consentName = (household: number): string => `consent/${padded(household)}.json`;

/** The member "given" of a manifest, which is not there without files. */
export function readGiven(reader: LineReader): Given[] {
  const all: Given[] = [];
  if (!reader.nextIs('given')) return all;
  reader.items('given', () => {
    const one: Given = { name: '', household: 1, file: '', answer: '', request: '', at: 0, hash: '', type: '' };
    reader.parts(
      () => (one.name = reader.chars(null, NAME_MOST)),
      () => (one.file = reader.uuid(null)),
      () => (one.answer = reader.uuid(null)),
      () => (one.request = reader.uuid(null)),
      () => (one.at = reader.int(null)),
      () => (one.hash = reader.hash(null)),
      () => (one.type = reader.chars(null, TYPE_MOST)),
    );
    const before = all.at(-1);
    if (before) one.household = before.household + (before.answer === one.answer ? 0 : 1);
    if (!namePlausible(one.name) || all.length === GIVEN_MOST) reader.fail();
    all.push(one);
  });
  if (all.length === 0) reader.fail();
  return all;
}

function readConsent(text: string, bytes: Uint8Array): Consent | null {
  if (!text.endsWith('\n')) return null;
  const reader = new LineReader(text.slice(0, -1), bytes);
  reader.start('household-consent');
  const consent: Consent = { household: reader.int('household'), request: reader.uuid('request'), answer: reader.uuid('answer'), caseNumber: '', files: [] };
  for (const name of ['pin_us', 'may_ask_us', 'left_us']) reader.int(name);
  consent.caseNumber = reader.words('case');
  reader.words('what');
  reader.words('unit');
  for (const name of ['from_us', 'to_us', 'radius_m', 'asked_us', 'deadline_us']) reader.int(name);
  if (reader.words('clock') !== 'of the device, not checked' || reader.words('masks') !== 'none by the server') reader.fail();
  reader.items('files', () => {
    const file = { name: '', file: '', type: '', bytes: 0, hash: '', at: 0 };
    reader.parts(
      () => (file.name = reader.chars(null, NAME_MOST)),
      () => (file.file = reader.uuid(null)),
      () => (file.type = reader.chars(null, TYPE_MOST)),
      () => (file.bytes = reader.int(null)),
      () => (file.hash = reader.hash(null)),
      () => reader.int(null),
      () => (file.at = reader.int(null)),
      () => reader.int(null),
    );
    if (consent.files.push(file) > GIVEN_MOST) reader.fail();
  });
  let looks = 0;
  reader.items('looks', () => {
    let file = 0;
    reader.parts(
      () => (file = reader.int(null)),
      () => reader.int(null),
      () => reader.chars(null, WORD_MOST),
      () => reader.chars(null, WORD_MOST),
    );
    if (file < 1 || file > consent.files.length || ++looks > LOOKS_MOST) reader.fail();
  });
  return reader.end() ? consent : null;
}

/** Names of the files that it brings into a package. */
export const givenNames = (given: Given[]): string[] => given.flatMap(({ name, household }) => [name, consentName(household)]);

/** What a line of the audit log about it holds. */
export const givenIds = (given: Given[]): string[] => given.flatMap(({ file, answer, request }) => [file, answer, request]);

/** The nth of its household: whether it is where it must be, once, with the bytes that arrived. */
function checkFile(check: Check, one: Given, n: number): boolean {
  const { manifest, faults } = check;
  const file = manifest.files.find(({ name }) => name === one.name);
  const ending = ENDINGS.get(one.type);
  const twice = manifest.given.some((other) => other !== one && (other.file === one.file || (other.answer === one.answer && other.household !== one.household)));
  if (!ending || one.name !== `household/${padded(one.household)}/given-${n}.${ending}` || !file || twice) faults.add('given', { file: one.name });
  else if (file.hash !== one.hash) faults.add('givenOther', { file: one.name });
  else return true;
  return false;
}

/** It tells of just these files of its household. */
function tells({ manifest }: Check, consent: Consent, own: Given[]): boolean {
  const { household, answer } = own[0]!;
  return (
    consent.household === household &&
    consent.answer === answer &&
    consent.caseNumber === manifest.caseNumber &&
    consent.files.length === own.length &&
    own.every((one, i) => {
      const told = consent.files[i]!;
      const bytes = manifest.files.find(({ name }) => name === one.name)?.bytes;
      return told.name === one.name && told.type === one.type && told.file === one.file && consent.request === one.request && told.hash === one.hash && told.at === one.at && told.bytes === bytes;
    })
  );
}

export async function checkGiven(check: Check): Promise<void> {
  const { given } = check.manifest;
  const last = given.at(-1)?.household ?? 0;
  for (let household = 1; household <= last; household++) {
    const own = given.filter((one) => one.household === household);
    for (const [i, one] of own.entries()) if (checkFile(check, one, i + 1)) check.notes.push({ code: 'given', params: { file: one.name, household: padded(household) } });
    const file = consentName(household);
    const bytes = await check.readWhole(file, LINE_MOST_BYTES + 1);
    const consent = bytes && readConsent(textOf(bytes), bytes);
    if (bytes && (!consent || !tells(check, consent, own))) check.faults.add('consent', { file });
  }
}
