// Decoding with Media Source Extensions, for browsers without WebCodecs, and for pages that are not
// secure (plain HTTP to an address of the local network), where browsers hide it. The video element is
// never in the page; what it plays is drawn like any other picture. Its clock is kept at the newest
// picture: a little behind, it runs faster; far behind, it jumps.

import { mediaSource, type Decoder, type DecoderListener } from './decoder';
import { retimed, type VideoConfig } from './fmp4';
import { MediaTimes } from './media-times';
import type { Unit } from './message';

/** Playing further behind the newest picture than this is caught up by a jump. */
const BEHIND_S = 0.8;
/** Further than this, by playing so much faster, until it is at the newest picture. */
const LATE_S = 0.12;
const FASTER = 1.5;
const KEEP_S = 8;
const QUEUE_BYTES = 8 << 20;

export class MseDecoder implements Decoder {
  private readonly video = document.createElement('video');
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private pending: Uint8Array<ArrayBuffer>[] = [];
  private pendingBytes = 0;
  private times = new MediaTimes(90_000);
  private watching = 0;

  constructor(private readonly listener: DecoderListener) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disableRemotePlayback = true;
    this.video.onerror = () => this.fail();
  }

  get queued(): number {
    return document.hidden ? this.pending.length : this.times.waiting; // a page that nobody sees is told of no picture
  }

  configure(codec: string, init: Uint8Array<ArrayBuffer>, config: VideoConfig): void {
    this.close();
    const Source = mediaSource();
    if (!Source) return;
    this.times = new MediaTimes(config.timescale || 90_000);
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
    const placed = retimed(unit.payload, this.times.place(unit.captureUs), this.times.durationTicks);
    if (!placed) return this.fail();
    this.pending.push(placed);
    this.pendingBytes += placed.byteLength;
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
    this.keepUp();
    const ranges = buffer.buffered;
    if (ranges.length > 0 && ranges.start(0) < this.times.newestS - KEEP_S * 2) buffer.remove(0, this.times.newestS - KEEP_S);
    else this.append();
  }

  private keepUp(): void {
    const video = this.video;
    const late = this.times.newestS - video.currentTime;
    if (late > BEHIND_S) video.currentTime = this.times.newestS;
    else if (late > LATE_S) video.playbackRate = FASTER;
    else if (late <= 0) video.playbackRate = 1;
    if (video.paused) void video.play().catch(() => {});
  }

  private watch(): void {
    this.watching = this.video.requestVideoFrameCallback((_now, frame) => {
      if (!this.source) return;
      const captureUs = this.times.shown(frame.mediaTime);
      if (captureUs !== null) {
        this.listener.picture({ image: this.video, width: frame.width, height: frame.height, captureUs, close: () => {} });
      }
      this.watch();
    });
  }

  private fail(): void {
    if (!this.source) return;
    this.close();
    this.listener.failed();
  }
}
