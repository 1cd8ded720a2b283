// Fast playback: only key pictures, one a part of the playlist, fetched by Range and decoded by
// WebCodecs. What comes too late is left out; one is under way at a time.

import { Problem, request } from '../api/client';
import { videoConfig } from '../live/fmp4';
import { boxAt } from '../mp4/boxes';

/** A part of the playlist; it begins with a key picture. Times are milliseconds; `end` is Infinity where `url` has nothing else. */
export interface Part {
  from: number;
  to: number;
  url: string;
  start: number;
  end: number;
  init: { url: string; start: number; end: number };
}

/** What a playlist says of a part, as hls.js reads it. */
interface Listed {
  programDateTime: number | null;
  duration: number;
  url: string;
  byteRange: [number?, number?];
  initSegment: { url: string; byteRange: [number?, number?] } | null;
}

const MADE = /\/h264\/[^/]*$/;

/** The server makes this part of H.265. */
export function isMade({ url }: Pick<Listed, 'url'>): boolean {
  return MADE.test(url);
}

/** Of what is made the key picture alone is asked for. Null: it has no time or no init part. */
export function partOf(listed: Listed): Part | null {
  const { programDateTime: from, duration, url, initSegment: init } = listed;
  if (from === null || !init) return null;
  const range = ([start = 0, end = Infinity]: [number?, number?]) => ({ start, end });
  return {
    from,
    to: from + duration * 1000,
    url: isMade(listed) ? `${url}&pictures=key` : url,
    ...range(listed.byteRange),
    init: { url: init.url, ...range(init.byteRange) },
  };
}

/** The part that holds this moment. */
export function partAt(parts: Part[], ms: number): Part | null {
  return parts.find(({ from, to }) => ms >= from && ms < to) ?? null;
}

/** The first sample of a part; or how many bytes of the part it takes to have it; null: it holds none. */
export function firstSample(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let size = 0;
  for (let at = 0; at + 8 <= bytes.byteLength; ) {
    const whole = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (whole < 8) return null;
    if (type === 'mdat') {
      if (size === 0 || size > whole - 8) return null;
      const end = at + 8 + size;
      return end <= bytes.byteLength ? bytes.subarray(at + 8, end) : end;
    }
    if (at + whole > bytes.byteLength) return at + whole + 8;
    if (type === 'moof') size = firstSize(bytes.subarray(at, at + whole));
    at += whole;
  }
  return bytes.byteLength + 8;
}

/** Size of the first sample that a `moof` tells of, by its `trun` (ISO/IEC 14496-12 §8.8.8); 0: not told. */
function firstSize(moof: Uint8Array<ArrayBuffer>): number {
  const trun = boxAt(moof, 'moof', 'traf', 'trun');
  if (!trun || trun.byteLength < 8) return 0;
  const view = new DataView(trun.buffer, trun.byteOffset, trun.byteLength);
  const flags = view.getUint32(0) & 0xffffff;
  if (!(flags & 0x200)) return 0;
  const at = 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0) + (flags & 0x100 ? 4 : 0);
  return at + 4 <= trun.byteLength ? view.getUint32(at) : 0;
}

/** "avc1.64001f" of an avcC (RFC 6381 §3.3). */
export function avcName(description: Uint8Array): string {
  return `avc1.${[...description.subarray(1, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** So much of a part is asked for at first; later what the last one took, and some more. */
const FIRST_GUESS_BYTES = 96 << 10;
const LEAST_BYTES = 8 << 10;

/** What takes longer than this is given up: the picture that is wanted by then is asked for. */
const COME_MOST_MS = 10_000;
/** After one that did not come the next is asked for this much later. */
const AGAIN_MS = 1_000;

async function range(url: string, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const line = new AbortController();
  const timer = setTimeout(() => line.abort(), COME_MOST_MS);
  try {
    const response = await request(url, { signal: line.signal, ...(end !== Infinity && { headers: { Range: `bytes=${start}-${end - 1}` } }) });
    return new Uint8Array(await response.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}

export function canShowKeyPictures(): boolean {
  return typeof VideoDecoder !== 'undefined';
}

export class KeyPictures {
  private decoder: VideoDecoder | null = null;
  private configured = '';
  private busy = false;
  private wanted: Part | null = null;
  private last = '';
  private guess = FIRST_GUESS_BYTES;
  private closed = false;
  /** of what is shown now */
  private shown: { from: number; to: number } = { from: 0, to: 0 };

  /** `draw` borrows the frame; `refused` hears what the server says instead of a picture. */
  constructor(
    private readonly draw: (frame: VideoFrame) => void,
    private readonly refused: (status: number) => void = () => {},
  ) {}

  /** What is shown until then is of this moment. */
  begin(ms: number): void {
    this.shown = { from: ms, to: ms };
  }

  /** How far what is shown is from this moment, milliseconds. */
  behind(ms: number): number {
    return Math.max(0, this.shown.from - ms, ms - this.shown.to);
  }

  /** Shows the key picture of this part as soon as can be; the newest wish counts. Null: none any more. */
  show(part: Part | null): void {
    this.wanted = part;
    if (!this.busy) void this.work();
  }

  close(): void {
    this.closed = true;
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
  }

  private async work(): Promise<void> {
    this.busy = true;
    for (let part = this.wanted; part && !this.closed && name(part) !== this.last; part = this.wanted) {
      this.last = name(part);
      try {
        await this.one(part);
      } catch (error) {
        this.configured = ''; // the next part is tried anew, and so is this one if it is still wanted then
        this.last = '';
        if (error instanceof Problem) this.refused(error.status);
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
    this.busy = false;
  }

  private async one(part: Part): Promise<void> {
    await this.configure(part);
    const length = part.end - part.start;
    const get = async (most: number) => firstSample(await range(part.url, part.start, length === Infinity ? length : part.start + Math.min(length, most)));
    let sample = await get(this.guess);
    for (let tries = 0; typeof sample === 'number' && sample <= length && tries < 3; tries++) sample = await get(sample);
    if (!sample || typeof sample === 'number' || !this.decoder) return;
    this.guess = Math.max(LEAST_BYTES, Math.round(sample.byteLength * 1.3));
    this.decoder.decode(new EncodedVideoChunk({ type: 'key', timestamp: part.from * 1000, data: sample }));
    await this.decoder.flush();
    this.shown = part;
  }

  private async configure(part: Part): Promise<void> {
    const which = `${part.init.url} ${part.init.start}`;
    if (which === this.configured && this.decoder?.state === 'configured') return;
    const config = videoConfig(await range(part.init.url, part.init.start, part.init.end));
    if (!config || config.hevc || this.closed) throw new Error('no H.264');
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    this.decoder = new VideoDecoder({
      output: (frame) => {
        if (!this.closed) this.draw(frame);
        frame.close();
      },
      error: () => (this.configured = ''),
    });
    this.decoder.configure({ codec: avcName(config.description), description: config.description, optimizeForLatency: true });
    this.configured = which;
  }
}

function name(part: Part): string {
  return `${part.url} ${part.start}`;
}
