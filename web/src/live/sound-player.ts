// Plays the live sound of one camera, by Media Source Extensions. The pictures do not wait for it:
// sound that falls behind is played a little faster, and left out where that is not enough.

import { mediaSource } from './decoder';
import type { Unit } from './message';

/** 'none': the stream has no sound; 'codec': this browser cannot play it; 'blocked': it wants another tap first. */
export type SoundState = 'waiting' | 'playing' | 'none' | 'codec' | 'blocked';

/** Sound is begun, and caught up with, so far behind its newest: what a line brings in bursts is bridged. */
const LAG_S = 0.25;
const FASTER_S = 0.45;
const JUMP_S = 1;
const FASTER = 1.06;
const KEEP_S = 10;
const WAITING_MOST = 200;

/** What is to be done with sound that is so far behind: null, a jump; else how fast it is played. */
export function paceOf(behindS: number): number | null {
  return behindS > JUMP_S ? null : behindS > FASTER_S ? FASTER : 1;
}

export class SoundPlayer {
  state: SoundState = 'waiting';
  codec = '';

  private readonly element = document.createElement('audio');
  private stream = -1;
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private pending: Uint8Array<ArrayBuffer>[] = [];

  constructor(private readonly changed: () => void) {
    this.element.onplaying = () => this.say('playing');
  }

  /** Units of this stream will come, with this sound; '' without any. */
  announced(stream: number, codec: string): void {
    this.stream = stream;
    this.codec = codec;
    if (!codec) this.stop('none');
    else if (!mediaSource()?.isTypeSupported(this.type)) this.stop('codec');
    else if (this.state === 'none' || this.state === 'codec') this.say('waiting');
  }

  take(unit: Unit): void {
    if (unit.stream !== this.stream || this.state === 'none' || this.state === 'codec') return;
    if (unit.init) this.open();
    if (!this.source) return;
    this.pending.push(unit.payload);
    if (this.pending.length > WAITING_MOST) this.pending.splice(this.buffer ? 0 : 1, 1); // the init part stays
    this.append();
  }

  close(): void {
    this.stop('waiting');
  }

  private get type(): string {
    return `audio/mp4; codecs="${this.codec}"`;
  }

  private open(): void {
    this.stop('waiting');
    const Source = mediaSource();
    if (!Source) return;
    const source = new Source();
    this.source = source;
    source.addEventListener('sourceopen', () => {
      if (this.source !== source || this.buffer) return;
      this.buffer = source.addSourceBuffer(this.type);
      this.buffer.mode = 'sequence'; // times begin anew with each run of the stream: each part is put behind the one before
      this.buffer.addEventListener('updateend', () => this.appended());
      this.append();
    });
    this.element.disableRemotePlayback = true;
    this.element.src = URL.createObjectURL(source);
  }

  private append(): void {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.pending.length === 0) return;
    try {
      buffer.appendBuffer(joined(this.pending));
      this.pending = [];
    } catch {
      this.stop('codec');
    }
  }

  private appended(): void {
    const buffer = this.buffer;
    if (!buffer || this.source?.readyState !== 'open') return;
    const { buffered } = buffer;
    if (buffered.length > 0) {
      const end = buffered.end(buffered.length - 1);
      this.keepUp(buffered.start(buffered.length - 1), end);
      if (buffered.start(0) < end - KEEP_S * 2) {
        buffer.remove(0, end - KEEP_S);
        return;
      }
    }
    this.append();
  }

  private keepUp(from: number, end: number): void {
    const { element } = this;
    const pace = element.currentTime < from ? null : paceOf(end - element.currentTime);
    if (pace === null) element.currentTime = Math.max(from, end - LAG_S);
    else element.playbackRate = pace;
    if (element.paused) {
      element.play().catch((error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') this.stop('blocked');
      });
    }
  }

  private stop(state: SoundState): void {
    this.source = null;
    this.buffer = null;
    this.pending = [];
    if (this.element.src) {
      URL.revokeObjectURL(this.element.src);
      this.element.removeAttribute('src');
      this.element.load();
    }
    this.say(state);
  }

  private say(state: SoundState): void {
    if (this.state === state) return;
    this.state = state;
    this.changed();
  }
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes;
}
