// A package's proofs: from seals up to signed roots, and the lines of the audit log.

import type { Check } from './check';
import type { Params } from './faults';
import { readHead } from './line';
import { pathHolds } from './merkle';
import { chainOf, readPath, readRoot, type PathLine, type RootLine } from './roots';

/** What could not be checked, and is no fault. */
export interface Note {
  /** verify.note.<code> says it */
  code: string;
  params: Params;
}

const ROOTS = 'proofs/roots.jsonl';
const PATHS = 'proofs/paths.jsonl';
const CUSTODY = 'custody.jsonl';

/** The roots whose signatures hold, by number. */
async function signedRoots(check: Check): Promise<Map<number, RootLine>> {
  const roots = new Map<number, RootLine>();
  for await (const line of check.lines(ROOTS)) {
    const root = readRoot(line.text, line.bytes);
    if (!root) {
      check.faults.add('notARoot', { file: ROOTS }, { line: line.number });
      continue;
    }
    check.counts.lines++;
    check.counts.roots++;
    const holds = check.signature(line, root.head.seal, { file: ROOTS }) >= 0;
    if (holds && !roots.has(root.head.seq)) roots.set(root.head.seq, root);
  }
  return roots;
}

function leads(path: PathLine, hash: string, root: RootLine): boolean {
  const newest = root.chains.get(chainOf(path.camera, path.volume)) ?? 0;
  return root.entries > 0 && newest >= path.seq && pathHolds(hash, path.index, root.entries, path.path, root.root);
}

/** Paths from seals to roots. */
export async function checkRoots(check: Check): Promise<void> {
  const roots = await signedRoots(check);
  for await (const line of check.lines(PATHS)) {
    const path = readPath(line.text, line.bytes);
    const seal = path && check.seals.get(check.sealKey(path.camera, path.volume, path.seq));
    const root = path && roots.get(path.root);
    if (!path) check.faults.add('lineUnreadable', { file: PATHS }, { line: line.number });
    else if (!seal || !root) check.faults.add('pathNowhere', { file: PATHS }, { line: line.number });
    else if (leads(path, seal.hash, root)) seal.rooted = true;
    else check.faults.add('pathWrong', { file: PATHS, camera: path.camera, from: seal.from, to: seal.to }, { line: line.number });
  }
  for (const seal of check.seals.values())
    if (seal.hasFootage && !seal.rooted) check.notes.push({ code: 'noRoot', params: { camera: check.facts.cameras[seal.camera]!, seq: seal.seq } });
}

/** Lines of the audit log: about these cameras or this package, in their order, none behind the one that the manifest names. */
export async function checkCustody(check: Check): Promise<void> {
  const { auditSeq, auditHead, id } = check.manifest;
  const ours = [id, ...check.facts.cameras];
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
