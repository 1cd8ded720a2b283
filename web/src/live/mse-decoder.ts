// Decoding with Media Source Extensions, for browsers without WebCodecs, and for pages that are not
// secure (plain HTTP to an address of the local network), where browsers hide it. The video element is
// never in the page; what it plays is drawn like any other picture. Its clock is kept at the newest
// picture: a little behind, it runs faster; far behind, it jumps.

import { mediaSource, type Decoder, type DecoderListener } from './decoder';
import { retimed, type VideoConfig } from './fmp4';
import { MediaTimes } from './media-times';
import type { Unit } from './message';
import { KeyTimes, paceOf } from './mse-upkeep';

/** All since the last key picture may come at once in the beginning, before the buffer is there. */
const QUEUE_BYTES = 48 << 20;

export class MseDecoder implements Decoder {
  private readonly video = document.createElement('video');
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private pending: Uint8Array<ArrayBuffer>[] = [];
  private pendingBytes = 0;
  private times = new MediaTimes(90_000);
  private keys = new KeyTimes();
  private jumpedAt = 0;
  private jumpS = 0;
  private watching = 0;

  constructor(private readonly listener: DecoderListener) {
    this.video.muted = true;
    this.video.playsInline = true;
    this.video.disableRemotePlayback = true;
    this.video.onerror = () => this.fail();
    this.video.onseeked = () => {
      this.jumpS = (performance.now() - this.jumpedAt) / 1e3;
    };
  }

  get queued(): number {
    return document.hidden ? this.pending.length : this.times.waiting; // a page that nobody sees is told of no picture
  }

  configure(codec: string, init: Uint8Array<ArrayBuffer>, config: VideoConfig): void {
    this.close();
    const Source = mediaSource();
    if (!Source) return;
    this.times = new MediaTimes(config.timescale || 90_000);
    this.keys = new KeyTimes();
    this.jumpS = 0;
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
    if (unit.key) {
      this.keys.add(this.times.newestS);
      this.jumpS = 0;
    }
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
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'QuotaExceededError' || !this.makeRoom(buffer)) return this.fail();
      this.pending = [bytes];
      this.pendingBytes = bytes.byteLength;
    }
  }

  /** False: all that the buffer holds is still played. */
  private makeRoom(buffer: SourceBuffer): boolean {
    const { buffered } = buffer;
    const endS = buffered.length > 0 ? this.keys.played(buffered.start(0), this.video.currentTime) : null;
    if (endS !== null) buffer.remove(0, endS);
    return endS !== null;
  }

  private appended(): void {
    const buffer = this.buffer;
    if (!buffer || this.source?.readyState !== 'open') return;
    this.keepUp();
    const { buffered } = buffer;
    const endS = buffered.length > 0 ? this.keys.spare(buffered.start(0), this.times.newestS, this.video.currentTime) : null;
    if (endS !== null) buffer.remove(0, endS);
    else this.append();
  }

  private keepUp(): void {
    const video = this.video;
    if (!video.seeking) {
      const pace = paceOf(this.times.newestS - video.currentTime, this.jumpS, video.playbackRate);
      if (pace === null) {
        this.jumpedAt = performance.now();
        video.currentTime = this.times.newestS;
      } else if (pace !== video.playbackRate) {
        video.playbackRate = pace;
      }
    }
    if (video.paused) video.play().catch(() => {});
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
