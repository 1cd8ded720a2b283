// A package's footage: each camera's seal lines, and the fragments against their leaves.

import { sealsName, type Check, type SealLine } from './check';
import { byCameraAndTime, type Media } from './facts';
import { TooManyFaults } from './faults';
import { countPictures } from './films';
import { videoRun } from './fmp4';
import type { LineSeal } from './line';
import type { ListedMedia } from './manifest';
import { merkleRoot } from './merkle';
import { Scan, type Part } from './scan';
import { readRetired, readSegment, timePlausible, type SegmentSeal } from './seals';
import { leavesOf, matchSegment } from './segment';
import type { TextLine } from './source';
import { entryAt, type ZipEntry } from './zip';

/** Of the last fragment: as much as is looked at for how long it lasts. */
const HEAD_MOST_BYTES = 256 << 10;
/** More than any list of gaps that fits its file. */
const GAPS_MOST = 65_536;

/** "media/01/<day>_<name>.mp4" of the file of a seal. */
const mediaName = (camera: number, file: string) => `media/${String(camera + 1).padStart(2, '0')}/${file.replace('/', '_')}`;

/** One camera's lines. */
class CameraLines {
  private readonly id: string;
  private readonly file: string;
  private readonly listed = new Map<string, ListedMedia>();
  private line!: TextLine;
  /** what the next line must follow */
  private link = { seq: 0, hash: '', key: 0 };
  private volume = '';

  constructor(
    private readonly check: Check,
    private readonly camera: number,
  ) {
    this.id = check.facts.cameras[camera]!;
    this.file = sealsName(camera);
    for (const media of check.listed) if (!this.listed.has(media.name)) this.listed.set(media.name, media);
  }

  private fault(code: string, from = 0, to = 0, params: Record<string, string | number> = {}): void {
    this.check.faults.add(code, { file: this.file, camera: this.id, from, to }, { line: this.line.number, ...params });
  }

  /** What is wrong with a line as the next one, signed by the key at `index` (-1: not known). Steps on to it in any case. */
  private follow(seq: number, prev: string, hash: string, index: number): string | null {
    const before = this.link;
    this.link = { seq, hash, key: Math.max(before.key, index) };
    if (seq !== before.seq + 1) return 'chainNumber';
    if (prev !== before.hash) return 'chainLink';
    return index >= 0 && index < before.key ? 'chainKey' : null;
  }

  private take(line: { volume: string; seq: number; from: number; to: number; prev: string; seal: LineSeal }, hasFootage: boolean): void {
    const { check, camera } = this;
    const { volume, seq, from, to, seal } = line;
    const index = check.signature(this.line, seal, { file: this.file, camera: this.id, from, to });
    // Its first line here follows whatever it says it follows.
    if (volume !== this.volume) this.link = { seq: seq - 1, hash: line.prev, key: index };
    const wanted = this.link.seq + 1;
    const wrong = this.follow(seq, line.prev, seal.hash, index);
    if (wrong) this.fault(wrong, from, to, { has: seq, wanted });
    this.volume = volume;
    const key = check.sealKey(this.id, volume, seq);
    const taken: SealLine = { camera, volume, seq, hash: seal.hash, from, to, hasFootage, rooted: false, day: false };
    if (!check.seals.has(key)) check.seals.set(key, taken);
    check.counts.lines++;
  }

  private takeGaps(seal: SegmentSeal): void {
    if (seal.stream !== 'main') return;
    const { declared } = this.check.facts;
    for (const { from, to, cause } of seal.gaps) if (timePlausible(from) && timePlausible(to)) declared.push({ camera: this.camera, from, to, cause });
    if (declared.length > GAPS_MOST) throw new TooManyFaults();
  }

  /** Whether the times that continuity.json tells of a file are those of its fragments. */
  private async timesHold(media: ListedMedia, seal: SegmentSeal, entry: ZipEntry, parts: Part[]): Promise<boolean> {
    const timeOf = (part: Part | undefined) => (part?.time === undefined || part.time === null ? NaN : part.time + seal.offset);
    const begins = media.first === 1 ? seal.from : timeOf(parts[1]);
    if (media.from !== begins || media.from >= media.to) return false;
    if (media.last + 1 === seal.entryCount) return media.to === seal.to;
    const last = parts.at(-1)!;
    const starts = timeOf(last);
    const head = await this.check.source.read(entryAt(entry) + last.offset, Math.min(HEAD_MOST_BYTES, last.bytes));
    const lasts = videoRun(head)?.durationUs ?? 0;
    return timePlausible(starts) && media.to > starts && media.to - starts <= lasts;
  }

  private async media(seal: SegmentSeal & { entries: string[] }, media: ListedMedia): Promise<void> {
    const { check, camera, id } = this;
    const { name, first, last, from, to } = media;
    const entry = check.entry(name);
    if (!entry || first < 1 || first > last || last >= seal.entryCount || !timePlausible(from) || !timePlausible(to)) {
      check.faults.add('mediaNotThere', { file: name, camera: id, from: seal.from, to: seal.to });
      return;
    }
    const entries = [seal.entries[0]!, ...seal.entries.slice(first, last + 1)];
    const leaves = leavesOf(entries);
    const parts = await new Scan(check.source, entryAt(entry), entry.bytes, leaves).run();
    const part = { camera: id, file: name, entries, from, to, bytes: entry.bytes, offset: seal.offset };
    const holds = matchSegment(check.faults, part, parts, leaves);
    check.counts.segments++;
    check.counts.fragments += entries.length - 1;
    if (holds && !(await this.timesHold(media, seal, entry, parts))) check.faults.add('otherTimes', { file: 'continuity.json', camera: id, from, to }, { name });
    const count = holds ? await countPictures(check, entry, parts, media, seal.offset) : { pictures: 0, ticks: 0, key: from };
    check.torn ||= !holds;
    const { offset, ntp, codec, width, height, audio } = seal;
    const found: Media = { ...media, ...count, camera, offset, ntp, at: entryAt(entry), bytes: entry.bytes, codec, width, height, audio };
    check.facts.media.push(found);
  }

  private async segment(seal: SegmentSeal): Promise<void> {
    this.take(seal, seal.entries !== null);
    this.takeGaps(seal);
    if (!seal.entries) return;
    const { entries } = seal;
    const media = this.listed.get(mediaName(this.camera, seal.file));
    if (merkleRoot(entries) !== seal.root) this.fault('leaves', seal.from, seal.to);
    else if (!media || media.seq !== seal.seq || media.volume !== seal.volume || seal.stream !== 'main') this.fault('notTold', seal.from, seal.to);
    else await this.media({ ...seal, entries }, media);
  }

  async run(): Promise<void> {
    for await (const line of this.check.lines(this.file)) {
      this.line = line;
      const segment = readSegment(line.text, line.bytes);
      const retired = segment ? null : readRetired(line.text, line.bytes);
      const camera = (segment ?? retired)?.camera;
      if (camera !== this.id) this.fault(camera === undefined ? 'lineUnreadable' : 'lineOtherCamera');
      else if (segment) await this.segment(segment);
      else if (retired) this.take(retired, false);
    }
  }
}

/** Seals of all cameras against their signatures, and footage against the seals. */
export async function checkFootage(check: Check): Promise<void> {
  for (let camera = 0; camera < check.facts.cameras.length; camera++) await new CameraLines(check, camera).run();
  const found = new Set(check.facts.media.map(({ name }) => name));
  for (const { name, from, to } of check.listed) if (!found.has(name)) check.faults.add('noSeal', { file: name, from, to });
  check.facts.media.sort(byCameraAndTime);
}
