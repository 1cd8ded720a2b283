// A package's proofs: from seals up to signed roots, and the lines of the audit log.

import type { Check } from './check';
import type { Params } from './faults';
import { givenIds } from './given';
import { readHead } from './line';
import { pathHolds } from './merkle';
import { spokenDay } from './spoken';
import { chainOf, readPath, readRoot, type PathLine, type RootLine } from './roots';
import type { TextLine } from './source';

/** What could not be checked, and is no fault. */
export interface Note {
  /** verify.note.<code> says it */
  code: string;
  params: Params;
  /** number of the certificate in the package that it is of */
  of?: string;
}

const ROOTS = 'proofs/roots.jsonl';
const PATHS = 'proofs/paths.jsonl';
const DAYS = 'proofs/days.jsonl';
const CUSTODY = 'custody.jsonl';

/** A file with roots, with paths, or, of what was added after the signing, with both. */
interface Proving {
  file: string;
  /** whose signatures hold, by number */
  roots: Map<number, RootLine>;
  /** of what was added: numbers of roots that no path leads to yet */
  alone?: Set<number>;
}

/** Whether the line is a root that is signed; tells the fault. */
function takeRoot(check: Check, { file, roots }: Proving, line: TextLine): RootLine | null {
  const root = readRoot(line.text, line.bytes);
  if (!root) {
    check.faults.add('notARoot', { file }, { line: line.number });
    return null;
  }
  check.counts.lines++;
  check.counts.roots++;
  if (check.signature(line, root.head.seal, { file }) < 0) return null;
  if (!roots.has(root.head.seq)) roots.set(root.head.seq, root);
  return root;
}

function leads(path: PathLine, hash: string, root: RootLine): boolean {
  const newest = root.chains.get(chainOf(path.camera, path.volume)) ?? 0;
  return root.entries > 0 && newest >= path.seq && pathHolds(hash, path.index, root.entries, path.path, root.root);
}

function takePath(check: Check, { file, roots, alone }: Proving, line: TextLine): void {
  const at = { line: line.number };
  const path = readPath(line.text, line.bytes);
  const seal = path && check.seals.get(check.sealKey(path.camera, path.volume, path.seq));
  const root = path && roots.get(path.root);
  if (!path) return check.faults.add('lineUnreadable', { file }, at);
  if (!seal || !root) return check.faults.add('pathNowhere', { file }, at);
  const where = { file, camera: path.camera, from: seal.from, to: seal.to };
  if (!leads(path, seal.hash, root)) return check.faults.add('pathWrong', where, at);
  if (alone && seal.day) return check.faults.add('pathAgain', where, at);
  seal.rooted = true;
  seal.day ||= root.ofDay;
  alone?.delete(root.head.seq);
}

/** In words, as the page of the server told them on the next day. */
function noteDays(check: Check, roots: Map<number, RootLine>): void {
  for (const { ofDay, day, head } of roots.values()) if (ofDay) check.notes.push({ code: 'day', params: { day, words: spokenDay(head.seal.hash) } });
}

/** Of the newest root that is no day's: the day before it was made. */
function noteDayBefore(check: Check, roots: Map<number, RootLine>): void {
  const newest = [...roots.values()].at(-1);
  if (newest && !newest.ofDay && /[^0]/.test(newest.before)) check.notes.push({ code: 'dayBefore', params: { words: spokenDay(newest.before) } });
}

/** What was added after the signing. Nothing signs the list of these lines: each of them has to prove something. */
async function checkAdded(check: Check): Promise<void> {
  const proving: Proving = { file: DAYS, roots: new Map(), alone: new Set() };
  let pathsBegun = false;
  for await (const line of check.lines(DAYS)) {
    if (!line.text.startsWith('{"v":1,"type":"root"')) {
      pathsBegun = true;
      takePath(check, proving, line);
      continue;
    }
    const root = takeRoot(check, proving, line);
    if (!root) continue;
    if (!root.ofDay || pathsBegun || proving.alone!.has(root.head.seq)) check.faults.add('addedRoot', { file: DAYS }, { line: line.number });
    proving.alone!.add(root.head.seq);
  }
  if (proving.alone!.size > 0) check.faults.add('addedAlone', { file: DAYS });
  const footage = [...check.seals.values()].filter(({ hasFootage }) => hasFootage);
  check.notes.push({ code: 'added', params: { days: footage.filter(({ day }) => day).length, all: footage.length } });
  noteDays(check, proving.roots);
}

/** Paths from seals to roots. */
export async function checkRoots(check: Check): Promise<void> {
  const roots = new Map<number, RootLine>();
  for await (const line of check.lines(ROOTS)) takeRoot(check, { file: ROOTS, roots }, line);
  for await (const line of check.lines(PATHS)) takePath(check, { file: PATHS, roots }, line);
  noteDays(check, roots);
  noteDayBefore(check, roots);
  if (check.entry(DAYS)) await checkAdded(check);
  for (const seal of check.seals.values())
    if (seal.hasFootage && !seal.rooted) check.notes.push({ code: 'noRoot', params: { camera: check.facts.cameras[seal.camera]!, seq: seal.seq } });
}

/** Lines of the audit log: about these cameras, what households gave, or this package, in their order, none behind the one that the manifest names. */
export async function checkCustody(check: Check): Promise<void> {
  const { auditSeq, auditHead, id, given } = check.manifest;
  const ours = [id, ...check.facts.cameras, ...givenIds(given)];
  let seq = 0;
  let key = 0;
  for await (const line of check.lines(CUSTODY)) {
    const head = readHead(line.text, line.bytes);
    if (head?.type !== 'audit' || !ours.some((one) => line.text.includes(one))) {
      check.faults.add('custodyForeign', { file: CUSTODY }, { line: line.number });
      continue;
    }
    const index = check.signature(line, head.seal, { file: CUSTODY });
    const inTurn = head.seq > seq && head.seq <= auditSeq && (index < 0 || index >= key);
    if (!inTurn || (head.seq === auditSeq && head.seal.hash !== auditHead)) check.faults.add('custodyPlace', { file: CUSTODY }, { line: line.number });
    seq = Math.max(seq, head.seq);
    key = Math.max(key, index);
    check.counts.lines++;
  }
}
