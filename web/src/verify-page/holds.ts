// What keeps footage of a package from being deleted: what the manifest says of it against the ledger's lines, which go
// along (src/archive/package_holds.c).

import type { Check } from './check';
import { readHead, type LineReader } from './line';
import { peopleOf, type Person } from './manifest';

const HOLDS_MOST = 64;
const KIND_MOST = 31;
const FILE = 'proofs/holds.jsonl';

export interface Hold {
  id: string;
  kind: string;
  since: number;
  /** 0: until it is released */
  until: number;
  people: Person[];
}

/** The member "holds" of a manifest. */
export function readHolds(reader: LineReader): Hold[] {
  const all: Hold[] = [];
  reader.items('holds', () => {
    const hold: Hold = { id: '', kind: '', since: 0, until: 0, people: [] };
    reader.parts(
      () => (hold.id = reader.uuid(null)),
      () => (hold.kind = reader.chars(null, KIND_MOST)),
      () => (hold.since = reader.int(null)),
      () => (hold.until = reader.int(null)),
      () => (hold.people = peopleOf(reader, null)),
    );
    if (all.push(hold) > HOLDS_MOST) reader.fail();
  });
  return all;
}

/** Name of the file that holds bring into a package. */
export const holdNames = (holds: Hold[]): string[] => (holds.length > 0 ? [FILE] : []);

/** Of a line that is canonical: when, hold, camera, from, to, until, kind. */
const LINE = /^{"v":1,"type":"hold","seq":\d+,"utc":(\d+),"id":"([^"]+)","camera":"([^"]+)","from_us":(-?\d+),"to_us":(-?\d+)(?:,"until_us":(\d+))?,"basis":"([^"]*)","object":"[^"]+","prev"/;

/** It stood when the package was made, and nobody approved what was their own. */
const isPlausible = ({ until, people }: Hold, at: number): boolean => (!until || until > at) && people.every(({ part, id }, i) => part === ['asked', 'approved'][i] && (i === 0 || id !== people[0]!.id));

export async function checkHolds(check: Check): Promise<void> {
  const { manifest, facts, faults } = check;
  const seen = new Set<Hold>();
  let before = 0;
  if (manifest.holds.length === 0) return;
  for await (const line of check.lines(FILE)) {
    const head = readHead(line.text, line.bytes);
    const told = head && LINE.exec(line.text);
    if (!told) {
      faults.add('lineUnreadable', { file: FILE }, { line: line.number });
      continue;
    }
    check.signature(line, head.seal, { file: FILE });
    check.counts.lines++;
    const [, utc, id, camera, from, to, until = 0, kind] = told;
    const hold = manifest.holds.find((one) => one.id === id);
    const same = hold && hold.kind === kind && hold.until === Number(until) && (seen.has(hold) || hold.since === Number(utc));
    if (same && head.seq > before && facts.cameras.includes(camera!) && Number(from) < facts.to && Number(to) > facts.from) seen.add(hold);
    else faults.add('holds', { file: FILE });
    before = Math.max(before, head.seq);
  }
  for (const hold of manifest.holds) if (!seen.has(hold) || !isPlausible(hold, manifest.at)) faults.add('holds', { file: 'manifest.json' });
}
