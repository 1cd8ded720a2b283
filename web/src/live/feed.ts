// One camera as this app watches it: its units go in, its newest picture is drawn on every canvas
// that shows it. Lives as long as the session; what is not watched holds no decoder.

import type { StreamName, StreamState } from '../api/types';
import { canDecode, decoderKind, type Decoder, type DecoderListener, type Picture } from './decoder';
import { videoConfig, type VideoConfig } from './fmp4';
import type { Subscribed, Unit } from './message';
import { MseDecoder } from './mse-decoder';
import { PictureGate } from './picture-gate';
import { WebCodecsDecoder } from './webcodecs-decoder';

/** A canvas that shows the feed. `maxWidth`: no more pixels than this are of use to it. */
export interface Target {
  canvas: HTMLCanvasElement;
  maxWidth: number;
  /** time of capture of the picture that stands on it; 0: none yet */
  shownUs: number;
}

/** What cannot be helped by waiting, shown in place of the picture. */
export type FeedTrouble = '' | 'codec' | 'limit' | 'no-decoder' | 'refused';

export interface FeedListener {
  /** The feed has a picture to draw. */
  dirty(feed: Feed): void;
  /** Something other than the picture changed. */
  changed(feed: Feed): void;
  /** This browser cannot decode H.265. True: H.264 will come in its place. */
  lacksH265(): boolean;
}

/** What a feed needs of the browser; tests have their own. */
export interface Media {
  /** Is there any way to decode. */
  any(): boolean;
  /** The way to decode, or null when there is none. */
  make(listener: DecoderListener): Decoder | null;
  can(codec: string, config: VideoConfig): Promise<boolean>;
}

const browser: Media = {
  any: () => decoderKind() !== null,
  make: (listener) => {
    const kind = decoderKind();
    return kind === 'webcodecs' ? new WebCodecsDecoder(listener) : kind === 'mse' ? new MseDecoder(listener) : null;
  },
  can: canDecode,
};

/** A decoder that fails this often without a picture will not do better the next time, */
const FAILURES_MOST = 5;
/** unless the device had too much to do: it is tried once more after this. */
const AGAIN_MS = 60_000;

export class Feed {
  state: StreamState | '' = '';
  cause = '';
  causeCode = '';
  trouble: FeedTrouble = '';
  detail = '';
  stream: StreamName | '' = '';
  codec = '';
  width = 0;
  height = 0;
  /** the server makes it of the camera's H.265 for this browser */
  transcoded = false;
  /** the server has covered parts of it */
  masked = false;
  /** pictures lost on the way or left out, since the start */
  lost = 0;
  /** what the server sends less than was asked for, because the line is weak: a lighter stream, or key pictures only */
  lowered: '' | 'lighter' | 'key' = '';
  readonly targets = new Set<Target>();

  private readonly announcements = new Map<number, Subscribed>();
  private current = -1;
  private failures = 0;
  private decoder: Decoder | null = null;
  private readonly gate = new PictureGate();
  private newest: Picture | null = null;
  private init: Uint8Array<ArrayBuffer> | null = null;
  private config: VideoConfig | null = null;
  /** what failed, and when it is tried once more */
  private again: { config: VideoConfig; atMs: number } | null = null;
  /** units that wait for the browser's word on the codec */
  private held: Unit[] | null = null;

  constructor(
    readonly camera: string,
    private readonly listener: FeedListener,
    private readonly media: Media = browser,
  ) {}

  /** Units with this stream id will come; the stream before it goes on until they do. */
  announced(event: Subscribed): void {
    this.announcements.set(event.id, event);
  }

  take(unit: Unit): void {
    if (unit.audio) return;
    if (unit.init) {
      this.start(unit);
    } else if (unit.stream !== this.current) {
      return; // of the stream that was switched away from
    } else if (this.held) {
      if (unit.key) this.held.length = 0;
      this.held.push(unit);
    } else {
      this.decode(unit);
    }
  }

  /** Draws the newest picture on every canvas. */
  draw(): void {
    const picture = this.newest;
    if (!picture) return;
    for (const target of this.targets) drawOn(target, picture);
  }

  /** Shows a picture that did not come with the stream. Takes it. */
  show(picture: Picture): void {
    this.newest?.close();
    this.newest = picture;
    this.listener.dirty(this);
  }

  attach(target: Target): void {
    this.targets.add(target);
    if (this.newest) drawOn(target, this.newest);
  }

  /** Nobody watches any more: gives back all that decoding holds. */
  rest(): void {
    this.decoder?.close();
    this.decoder = null;
    this.newest?.close();
    this.newest = null;
    this.init = null;
    this.config = null;
    this.again = null;
    this.held = null;
    this.announcements.clear();
    this.current = -1;
    this.failures = 0;
    this.stream = '';
    this.transcoded = false;
    this.masked = false;
    this.lowered = '';
    this.gate.reset();
  }

  /** This device cannot decode the whole stream: only its key pictures are shown. */
  get sparse(): boolean {
    return this.current >= 0 && this.gate.sparse(performance.now());
  }

  /** It has a picture to show. */
  get seen(): boolean {
    return this.newest !== null;
  }

  setTrouble(trouble: FeedTrouble, detail = ''): void {
    this.trouble = trouble;
    this.detail = detail;
    this.listener.changed(this);
  }

  private start({ stream, payload }: Unit): void {
    const announced = this.announcements.get(stream);
    if (!announced) return;
    this.announcements.clear();
    this.announcements.set(stream, announced);
    this.current = stream;
    this.stream = announced.stream;
    this.codec = announced.codec;
    this.transcoded = announced.transcoded ?? false;
    this.masked = announced.masked ?? false;
    this.width = announced.width;
    this.height = announced.height;
    this.gate.reset();
    this.init = payload;
    this.again = null;
    this.config = videoConfig(payload);
    this.listener.changed(this);
    if (!this.config) return this.setTrouble('codec');
    if (!this.media.any()) return this.setTrouble('no-decoder');
    const held: Unit[] = [];
    this.held = held;
    void this.media.can(this.codec, this.config).then((can) => {
      if (this.held !== held) return; // overtaken by another init part
      this.held = null;
      if (!can) return this.giveUp();
      if (this.trouble) this.setTrouble('');
      if (!this.configure()) return this.setTrouble('no-decoder');
      for (const unit of held) this.decode(unit);
    });
  }

  /** It cannot be decoded here; as H.264 it may be. */
  private giveUp(): void {
    this.config = null;
    const helped = /^(hvc|hev)1/.test(this.codec) && this.listener.lacksH265();
    if (!helped) this.setTrouble('codec');
  }

  private failedOnce(): void {
    const config = this.config;
    this.decoder = null;
    this.gate.reset();
    if (++this.failures < FAILURES_MOST) return;
    this.giveUp();
    if (config && this.trouble === 'codec') this.again = { config, atMs: performance.now() + AGAIN_MS };
  }

  /** What failed is tried once more; one failure is enough by now. */
  private tryAgain(): void {
    if (!this.again || performance.now() < this.again.atMs) return;
    this.config = this.again.config;
    this.again = null;
    this.failures = FAILURES_MOST - 1;
    this.setTrouble('');
  }

  private configure(): boolean {
    if (!this.init || !this.config) return false;
    this.decoder ??= this.media.make(this.decoderListener);
    this.decoder?.configure(this.codec, this.init, this.config);
    return this.decoder !== null;
  }

  private decode(unit: Unit): void {
    if (unit.key) this.tryAgain();
    if (!this.config || this.trouble === 'codec' || this.trouble === 'no-decoder') return;
    const before = this.gate.dropped;
    const verdict = this.gate.admit(unit, this.decoder?.queued ?? 0, performance.now());
    this.lost += this.gate.dropped - before;
    if (verdict === 'drop') return;
    if ((!this.decoder || verdict === 'fresh') && !this.configure()) return;
    this.decoder?.push(unit);
  }

  private readonly decoderListener = {
    picture: (picture: Picture) => {
      this.failures = 0;
      this.show(picture);
    },
    failed: () => this.failedOnce(),
  };
}

function drawOn(target: Target, picture: Picture): void {
  if (picture.width === 0) return;
  const { canvas, maxWidth } = target;
  const width = Math.min(picture.width, Math.max(1, Math.round(maxWidth)));
  const height = Math.round((picture.height * width) / picture.width);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  canvas.getContext('2d', { alpha: false })?.drawImage(picture.image, 0, 0, width, height);
  target.shownUs = picture.captureUs;
}
