// Decoding with Media Source Extensions, for pages that are not secure (plain HTTP to an address of
// the local network), where browsers hide WebCodecs. The video element is never in the page; what
// it plays is drawn like any other picture.

import { mediaSource, type Decoder, type DecoderListener } from './decoder';
import { decodeTimeOf, type VideoConfig } from './fmp4';
import type { Unit } from './message';

/** Playing further behind the newest picture than this is caught up by a jump. */
const BEHIND_S = 0.8;
const KEEP_S = 8;
const QUEUE_BYTES = 8 << 20;

export class MseDecoder implements Decoder {
  private readonly video = document.createElement('video');
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private pending: Uint8Array<ArrayBuffer>[] = [];
  private pendingBytes = 0;
  private timescale = 90_000;
  /** capture time minus media time of the newest picture, seconds */
  private offset = 0;
  private watching = 0;

  constructor(private readonly listener: DecoderListener) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disableRemotePlayback = true;
    this.video.onerror = () => this.fail();
  }

  get queued(): number {
    return this.pending.length;
  }

  configure(codec: string, init: Uint8Array<ArrayBuffer>, config: VideoConfig): void {
    this.close();
    const Source = mediaSource();
    if (!Source) return;
    this.timescale = config.timescale || 90_000;
    const source = new Source();
    this.source = source;
    this.pending = [init];
    this.pendingBytes = init.byteLength;
    source.addEventListener('sourceopen', () => {
      if (this.source !== source || this.buffer) return;
      try {
        this.buffer = source.addSourceBuffer(`video/mp4; codecs="${codec}"`);
      } catch {
        this.fail();
        return;
      }
      this.buffer.addEventListener('updateend', () => this.appended());
      this.append();
    });
    this.video.src = URL.createObjectURL(source);
    this.watch();
  }

  push(unit: Unit): void {
    if (!this.source) return;
    const time = decodeTimeOf(unit.payload);
    if (time !== null) this.offset = unit.captureUs / 1e6 - time / this.timescale;
    this.pending.push(unit.payload);
    this.pendingBytes += unit.payload.byteLength;
    if (this.pendingBytes > QUEUE_BYTES) this.fail();
    else this.append();
  }

  close(): void {
    if (this.source === null) return;
    this.source = null;
    this.buffer = null;
    this.pending = [];
    this.pendingBytes = 0;
    if (this.watching) this.video.cancelVideoFrameCallback(this.watching);
    URL.revokeObjectURL(this.video.src);
    this.video.removeAttribute('src');
    this.video.load();
  }

  private append(): void {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.pending.length === 0) return;
    const bytes = new Uint8Array(this.pendingBytes);
    let at = 0;
    for (const part of this.pending) {
      bytes.set(part, at);
      at += part.byteLength;
    }
    this.pending = [];
    this.pendingBytes = 0;
    try {
      buffer.appendBuffer(bytes);
    } catch {
      this.fail();
    }
  }

  private appended(): void {
    const buffer = this.buffer;
    if (!buffer || this.source?.readyState !== 'open') return;
    const ranges = buffer.buffered;
    if (ranges.length > 0) {
      const from = ranges.start(ranges.length - 1);
      const end = ranges.end(ranges.length - 1);
      const now = this.video.currentTime;
      if (now < from || end - now > BEHIND_S) this.video.currentTime = Math.max(from, end - 0.05);
      if (this.video.paused) void this.video.play().catch(() => {});
      if (ranges.start(0) < end - KEEP_S * 2 && !buffer.updating) {
        buffer.remove(0, end - KEEP_S);
        return;
      }
    }
    this.append();
  }

  private watch(): void {
    this.watching = this.video.requestVideoFrameCallback((_now, frame) => {
      if (!this.source) return;
      this.listener.picture({
        image: this.video,
        width: frame.width,
        height: frame.height,
        captureUs: Math.round((frame.mediaTime + this.offset) * 1e6),
        close: () => {},
      });
      this.watch();
    });
  }

  private fail(): void {
    if (!this.source) return;
    this.close();
    this.listener.failed();
  }
}
