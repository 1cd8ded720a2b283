// The parts of one footage file against the leaves of its seal: which fragment, which second.
//
// Fragments are found again by their hash, wherever they stand, so that changed, missing, moved and added ones are told
// apart. A fragment's time is its prft (plus the seal's offset) when it was sealed; of a damaged one it is taken from its
// neighbours.

import type { Faults } from './faults';
import type { Part } from './scan';

/** A seal as it would be of a segment that has just these fragments. */
export interface PartSeal {
  camera: string;
  file: string;
  /** hashes: of the init part, then of each fragment */
  entries: string[];
  from: number;
  to: number;
  bytes: number;
  offset: number;
}

class Match {
  private readonly leafOfPart: number[];
  private readonly partOfLeaf: number[];
  /** when each leaf begins; behind the last one, the end */
  private leafTimes: number[] = [];

  constructor(
    private readonly faults: Faults,
    private readonly seal: PartSeal,
    private readonly parts: Part[],
    leaves: Map<string, number>,
  ) {
    this.partOfLeaf = new Array<number>(seal.entries.length).fill(-1);
    this.leafOfPart = parts.map(({ hash }, i) => {
      const leaf = leaves.get(hash) ?? -1;
      if (leaf >= 0 && this.partOfLeaf[leaf]! < 0) this.partOfLeaf[leaf] = i;
      return leaf;
    });
  }

  get inPlace(): boolean {
    return this.parts.length === this.seal.entries.length && this.leafOfPart.every((leaf, i) => leaf === i);
  }

  /** Leaf 0 is the init part, which belongs to the whole segment. `what`: Changed, Missing, Cut, Moved, Twice. */
  private tell(first: number, last: number, what: string): void {
    const { seal } = this;
    const from = first === 0 ? seal.from : this.leafTimes[first]!;
    const to = first === 0 ? seal.to : this.leafTimes[last + 1]!;
    const code = first < last ? `fragments${what}` : first === 0 ? `init${what}` : `fragment${what}`;
    this.faults.add(code, { file: seal.file, camera: seal.camera, from, to }, first < last ? { first, last } : { n: first });
  }

  /** What the prft of a leaf's part says; of a leaf that is not there, the part that stands in its place may say it, when
   * that lies behind `after`. Returns the time and where to look next. */
  private timeOf(leaf: number, place: number, after: number): [time: number | null, place: number] {
    const { parts, seal } = this;
    const part = this.partOfLeaf[leaf]!;
    const standIn = part < 0 && place >= 0 && place + 1 < parts.length && this.leafOfPart[place + 1]! < 0;
    const at = standIn ? place + 1 : part;
    const told = at < 0 ? null : parts[at]!.time;
    if (told === null) return [null, at];
    const time = told + seal.offset;
    return [standIn && (time <= after || time > seal.to) ? null : time, at];
  }

  /** Evenly between two leaves whose times are known. */
  private fillBetween(from: number, to: number): void {
    const times = this.leafTimes;
    const span = times[to]! - times[from]!;
    for (let leaf = from + 1; leaf < to; leaf++) times[leaf] = times[from]! + Math.trunc((span * (leaf - from)) / (to - from));
  }

  private time(): void {
    const { seal } = this;
    const count = seal.entries.length;
    let known = Math.min(1, count);
    let place = this.partOfLeaf[0]!;
    this.leafTimes = new Array<number>(count + 2).fill(0);
    this.leafTimes[0] = this.leafTimes[1] = seal.from;
    for (let leaf = 1; leaf < count; leaf++) {
      let time: number | null;
      [time, place] = this.timeOf(leaf, place, this.leafTimes[known]!);
      if (time === null) continue;
      this.leafTimes[leaf] = time;
      if (leaf > known) this.fillBetween(known, leaf);
      known = leaf;
    }
    this.leafTimes[count] = seal.to;
    this.fillBetween(known, count);
  }

  /** Whether parts that were never sealed stand where leaves first … last should. */
  private strangersBetween(first: number, last: number): boolean {
    const before = first > 0 ? this.partOfLeaf[first - 1]! : -1;
    const after = last + 1 < this.partOfLeaf.length ? this.partOfLeaf[last + 1]! : -1;
    const end = after >= 0 ? after : this.parts.length;
    for (let i = before < 0 ? 0 : before + 1; i < end; i++) if (this.leafOfPart[i]! < 0) return true;
    return false;
  }

  private tellMissing(): void {
    const count = this.partOfLeaf.length;
    for (let first = 0; first < count; first++) {
      if (this.partOfLeaf[first]! >= 0) continue;
      let last = first;
      while (first > 0 && last + 1 < count && this.partOfLeaf[last + 1]! < 0) last++;
      this.tell(first, last, this.strangersBetween(first, last) ? 'Changed' : last + 1 === count ? 'Cut' : 'Missing');
      first = last;
    }
  }

  private tellMoved(): void {
    let newest = -1;
    this.leafOfPart.forEach((leaf, i) => {
      if (leaf < 0) return;
      const twice = this.partOfLeaf[leaf] !== i;
      if (twice || leaf < newest) this.tell(leaf, leaf, twice ? 'Twice' : 'Moved');
      newest = Math.max(newest, leaf);
    });
  }

  /** Parts that were never sealed, where no leaf is missing. */
  private tellStrangers(): void {
    const { seal } = this;
    this.parts.forEach(({ bytes, offset }, i) => {
      if (this.leafOfPart[i]! >= 0) return;
      const next = this.leafOfPart.find((leaf, at) => at > i && leaf >= 0);
      const time = next === undefined ? seal.to : this.leafTimes[next]!;
      this.faults.add('strangers', { file: seal.file, camera: seal.camera, from: time, to: time }, { bytes, offset });
    });
  }

  tellDifferences(): void {
    this.time();
    const before = this.faults.count;
    this.tellMissing();
    this.tellMoved();
    if (this.faults.count === before) this.tellStrangers();
  }
}

/** Which leaf each hash is. */
export const leavesOf = (entries: string[]): Map<string, number> => new Map(entries.map((entry, i) => [entry, i]));

/** Tells each difference. True when all parts are those that were sealed, in their order. */
export function matchSegment(faults: Faults, seal: PartSeal, parts: Part[], leaves: Map<string, number>): boolean {
  const match = new Match(faults, seal, parts, leaves);
  if (!match.inPlace) {
    match.tellDifferences();
    return false;
  }
  const has = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (has !== seal.bytes) faults.add('segmentBytes', { file: seal.file, camera: seal.camera, from: seal.from, to: seal.to }, { told: seal.bytes, has });
  return has === seal.bytes;
}
