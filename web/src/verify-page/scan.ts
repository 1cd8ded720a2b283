// Cuts a footage file into the parts that have an entry of their own, and hashes them: the init part, then each
// `prft moof mdat`. Where the boxes make no sense it looks for the next fragment, so that one damaged byte costs one
// fragment.

import { u32be, u64be, type Bytes } from './bytes';
import { ntpTime, typeAt } from './fmp4';
import type { Source } from './source';

const WINDOW_BYTES = 64 << 10;
const SEARCH_BYTES = 1 << 20;
const PRFT_LEAST_BYTES = 24; // with its NTP time (ISO/IEC 14496-12 §8.16.5)
const PRFT_MOST_BYTES = 32;
const STEPS_BACK_MOST = 64; // a file made to be read again and again is not
const PARTS_MOST = 65_536; // four times what a seal may have; what is behind is one part

export interface Part {
  /** from the file's beginning */
  offset: number;
  bytes: number;
  /** wall clock as its prft box says, in microseconds; null: it has none */
  time: number | null;
  /** '' of a broken part, whose boxes make no sense */
  hash: string;
}

interface Box {
  type: string;
  bytes: number;
}

export class Scan {
  private window: Bytes = new Uint8Array(0);
  private windowAt = 0;
  private stepsBack = STEPS_BACK_MOST;
  readonly parts: Part[] = [];

  /** `known`: hashes that are expected, which tell where damage began. */
  constructor(
    private readonly source: Source,
    private readonly base: number,
    private readonly size: number,
    private readonly known: { has(hash: string): boolean },
  ) {}

  /** `bytes` (few) bytes at `offset`; fewer where the file ends. */
  private async peek(offset: number, bytes: number): Promise<Uint8Array> {
    const want = Math.min(bytes, this.size - offset);
    if (offset < this.windowAt || offset + want > this.windowAt + this.window.length) {
      this.window = await this.source.read(this.base + offset, Math.min(WINDOW_BYTES, this.size - offset));
      this.windowAt = offset;
    }
    return this.window.subarray(offset - this.windowAt, offset - this.windowAt + want);
  }

  /** The box that begins here; null when there is none that lies whole in the file. */
  private async box(offset: number): Promise<Box | null> {
    const head = await this.peek(offset, 16);
    if (head.length < 8) return null;
    let bytes = u32be(head, 0);
    if (bytes === 1) bytes = head.length < 16 ? NaN : u64be(head, 8);
    return bytes >= 8 && bytes <= this.size - offset ? { type: typeAt(head, 0), bytes } : null;
  }

  /** Where all boxes up to the first fragment end; -1: they make no sense. */
  private async initEnd(): Promise<number> {
    let offset = 0;
    while (offset < this.size) {
      const box = await this.box(offset);
      if (!box) return -1;
      if (box.type === 'prft' || box.type === 'moof') return offset > 0 ? offset : -1;
      if (box.type === 'mdat') return -1;
      offset += box.bytes;
    }
    return offset;
  }

  /** Where the fragment that begins at `part` ends; -1: its boxes make no sense. */
  private async fragmentEnd(part: Part): Promise<number> {
    let { offset } = part;
    let box = await this.box(offset);
    if (box?.type === 'prft') {
      const head = await this.peek(offset, PRFT_LEAST_BYTES);
      if (box.bytes < PRFT_LEAST_BYTES || head.length < PRFT_LEAST_BYTES) return -1;
      part.time = ntpTime(head, 16);
      offset += box.bytes;
      box = await this.box(offset);
    }
    if (box?.type !== 'moof') return -1;
    offset += box.bytes;
    box = await this.box(offset);
    return box?.type === 'mdat' ? offset + box.bytes : -1;
  }

  private async fragmentStarts(offset: number): Promise<boolean> {
    const head = await this.peek(offset, PRFT_MOST_BYTES + 8);
    const bytes = head.length < 8 ? 0 : u32be(head, 0);
    return bytes >= PRFT_LEAST_BYTES && bytes <= PRFT_MOST_BYTES && head.length >= bytes + 8 && typeAt(head, 0) === 'prft' && typeAt(head, bytes) === 'moof';
  }

  /** Offset of the next fragment at or behind `from`; the file's size when there is none. */
  private async find(from: number): Promise<number> {
    for (let at = from; at < this.size; at += SEARCH_BYTES) {
      const piece = await this.source.read(this.base + at, Math.min(SEARCH_BYTES + 7, this.size - at)); // 7: a name across two pieces
      for (let name = piece.indexOf(0x70); name >= 0; name = piece.indexOf(0x70, name + 1)) {
        const found = name >= 4 && name + 4 <= piece.length && typeAt(piece, name - 4) === 'prft';
        if (found && (await this.fragmentStarts(at + name - 4))) return at + name - 4;
      }
    }
    return this.size;
  }

  /** What begins at `part` is not whole. A wrong size in the part before leads here too: when that one is not known, the
   * damage is looked for in it. Damage beside damage is one part. Returns where to go on. */
  private async skipDamage(part: Part): Promise<number> {
    const before = this.parts.at(-1);
    let from = part.offset + 1;
    if (before) {
      const again = before.hash !== '' && !this.known.has(before.hash) && this.stepsBack > 0;
      if (again) {
        from = before.offset + 1;
        this.stepsBack--;
      }
      if (again || before.hash === '') {
        part.offset = before.offset;
        part.time = before.time;
        this.parts.pop();
      }
    }
    const next = this.parts.length < PARTS_MOST ? await this.find(from) : this.size;
    part.bytes = next - part.offset;
    part.hash = '';
    return next;
  }

  async run(): Promise<Part[]> {
    for (let offset = 0; offset < this.size; ) {
      const part: Part = { offset, bytes: 0, time: null, hash: '' };
      const end = offset === 0 ? await this.initEnd() : await this.fragmentEnd(part);
      if (end > offset && this.parts.length < PARTS_MOST) {
        part.bytes = end - offset;
        part.hash = await this.source.hash(this.base + offset, part.bytes);
        offset = end;
      } else offset = await this.skipDamage(part);
      this.parts.push(part);
    }
    return this.parts;
  }
}
