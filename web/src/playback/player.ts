// Plays footage of one camera in a video element: loads a window of the playlist around the asked
// moment, knows of which moments it has pictures, and shows, steps and nudges as it is told.
// hls.js where Media Source Extensions are, else what the browser itself can do (iPhone).

import Hls, { ErrorDetails, ErrorTypes, Events, type Fragment, type LevelDetails } from 'hls.js/light';
import { access } from '../access/access';
import { Problem, request } from '../api/client';
import { mediaSource } from '../live/decoder';
import { serverClock } from '../time/server-clock';
import { joiningLoader } from './joining-loader';
import { isMade, partOf, type Part } from './key-pictures';

/** Footage is loaded from this much before the asked moment: it begins with a key picture. */
const BEFORE_MS = 4_000;
const WINDOW_MS = 10 * 60_000;

/** Lists are cut at parts, which last for some seconds. */
const JUST_MS = 100;

/** A window in which nothing was found is asked for again after this long. */
const EMPTY_MS = 4_000;
/** What lies no further behind the newest part than this is still to come. */
const COMING_MS = 15_000;
/** What is older than this is on disk, also when the group of pictures that it is in goes on. */
const WRITTEN_MS = 5_000;
/** No group of pictures is longer. */
const GROUP_MOST_MS = 180_000;
/** The server's clock is known to less. */
const CLOCK_MS = 500;
/** A picture that was stepped to is there within this time, or does not come. */
const STEP_MOST_MS = 2_000;
/** A picture this near to the moment that was asked for is the one. */
const THERE_MS = 1_000;

/** `reason`: one has to be told first. `limit`: the server makes H.264 for as many viewers as it may. */
export type PlayerState = 'loading' | 'ready' | 'no-footage' | 'reason' | 'codec' | 'limit' | 'error';
/** `yes`: there are pictures of the moment; `coming`: not written yet; `unknown`: not asked. */
export type Covers = 'yes' | 'no' | 'coming' | 'asking' | 'unknown';

export interface PlayerListener {
  state(state: PlayerState, status: number): void;
  /** Is the film made of H.265 by the server? */
  made(is: boolean): void;
}

/** H.265 in its plainest profile; a browser that knows it may lack others. */
const PLAIN_H265 = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

function knowsH265(video: HTMLVideoElement): boolean {
  return mediaSource()?.isTypeSupported(PLAIN_H265) ?? video.canPlayType(PLAIN_H265) !== '';
}

/** Does nothing follow this part, or what is of another file, or behind a gap? */
function isLast({ sn, cc }: Fragment, details: LevelDetails | null): boolean {
  const next = details?.fragments.find((one) => one.sn === Number(sn) + 1);
  return next ? next.cc !== cc : details?.live === false;
}

/** What the server answers where it makes no H.264 of this footage: not now, and never. */
const NOT_NOW = 503;
const NEVER = 422;

export class Player {
  private hls: Hls | null = null;
  /** `closed`: it was asked for up to now, with the group of pictures that is not over yet */
  private window: { from: number; to: number; asked: number; empty: boolean; closed: boolean } | null = null;
  private target = 0;
  private frame = 0;
  /** media time of the picture that is shown, and of the one before; seconds */
  private shown: number | null = null;
  private period = 0;
  private onFrame: (() => void) | null = null;
  private jumped = 0;
  /** what was loaded goes on no more: whoever wants a moment of it has it loaded anew */
  private stopped = false;
  /** only the playlist is wanted, no film */
  listOnly = false;
  /** footage of H.265 is asked for as H.264 */
  private h264: boolean;
  /** the server makes what is loaded, also where it was not asked to: parts of it are covered */
  private made = false;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly camera: string,
    private readonly listener: PlayerListener,
  ) {
    this.h264 = !knowsH265(video);
    video.addEventListener('loadeddata', this.ready);
    video.addEventListener('error', this.broken);
    this.eachFrame();
  }

  destroy(): void {
    const { video } = this;
    video.removeEventListener('loadeddata', this.ready);
    video.removeEventListener('error', this.broken);
    if (this.frame) video.cancelVideoFrameCallback?.(this.frame);
    this.hls?.destroy();
    video.removeAttribute('src');
    video.load();
  }

  /** Shows the picture of this moment. */
  jump(ms: number): void {
    this.target = ms;
    this.jumped = performance.now();
    const seconds = !this.stopped && this.covers(ms) === 'yes' ? this.mediaTimeOf(ms) : null;
    if (seconds === null) return this.load(ms);
    if (this.listOnly) return;
    if (this.hls && !this.filming) this.startFilm(this.hls, seconds);
    this.video.currentTime = seconds;
    this.listener.state('ready', 200);
  }

  /** Runs at `rate`; 0 stands still. */
  run(rate: number): void {
    const { video } = this;
    if (rate === 0) {
      if (!video.paused) video.pause();
      return;
    }
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (video.paused) void video.play().catch(() => {});
  }

  /** Could it run now, were it told to? */
  get able(): boolean {
    return !this.video.seeking && this.video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  /** It stands where what was loaded has no pictures: when they go on; null: it does not, or they are not loaded. */
  goesOn(): number | null {
    const { buffered, currentTime } = this.video;
    for (let i = 0; i < buffered.length; i++) {
      if (currentTime < buffered.start(i)) return this.wallTimeOf(buffered.start(i));
      if (currentTime < buffered.end(i)) return null;
    }
    return null;
  }

  /** The wall time of what is shown; null when nothing is. */
  now(): number | null {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    return this.wallTimeOf(this.video.currentTime);
  }

  covers(ms: number): Covers {
    const { window } = this;
    if (!window || ms < window.from || ms > window.to) return 'unknown';
    if (window.empty) return performance.now() - window.asked > EMPTY_MS && window.to > serverClock.now() - COMING_MS ? 'unknown' : 'no';
    if (!this.hls) return this.video.readyState > 0 ? 'yes' : 'asking';
    const fragments = this.hls.latestLevelDetails?.fragments;
    if (!fragments) return 'asking';
    if (fragments.some(({ programDateTime: from, duration }) => from !== null && ms >= from && ms < from + duration * 1000)) return 'yes';
    const last = fragments.at(-1);
    const end = (last?.programDateTime ?? 0) + (last?.duration ?? 0) * 1000;
    if (ms >= end && this.mayBeUnfinished(ms)) return 'unknown';
    return ms >= end && end > serverClock.now() - COMING_MS ? 'coming' : 'no';
  }

  /** Lists that go on hold no group of pictures before it is over: the moment may be in one that is not. */
  private mayBeUnfinished(ms: number): boolean {
    const { window } = this;
    const now = serverClock.now();
    return !!window && !window.closed && ms >= window.from && ms <= window.to && ms < now - WRITTEN_MS && ms > now - GROUP_MOST_MS;
  }

  /** The parts of the window that is loaded. */
  parts(): Part[] {
    return (this.hls?.latestLevelDetails?.fragments ?? []).flatMap((fragment) => partOf(fragment) ?? []);
  }

  /** The server would not make H.264 of the footage. True: that was what it refused. */
  refused(status: number): boolean {
    if ((!this.h264 && !this.made) || (status !== NOT_NOW && status !== NEVER)) return false;
    this.hls?.stopLoad();
    this.tell(status === NOT_NOW ? 'limit' : 'codec', status);
    return true;
  }

  /** The browser cannot show this footage as it is: it may as H.264. */
  private cannotShow(): void {
    if (this.h264) return this.tell('codec', 0);
    this.h264 = true;
    this.load(this.target);
  }

  /**
   * Goes to the picture after (`way` 1) or before (-1) the one that is shown, which begins about
   * `periodMs` later or earlier. The moment in the middle of it, or null when there is none.
   */
  async step(way: 1 | -1, periodMs: number): Promise<number | null> {
    const period = this.period || periodMs / 1000;
    const was = this.shown ?? this.video.currentTime;
    for (let further = 0; further < 6; further++) {
      const to = way === 1 ? was + (1.5 + further) * period : was - (0.5 + further) * period;
      if (to < 0) return null;
      if (!(await this.showMedia(to))) return null;
      if (this.shown !== null && Math.abs(this.shown - was) > 0.001) return this.wallTimeOf(this.shown + period / 2);
    }
    return null;
  }

  /** True when the picture of that media time is shown. */
  private showMedia(seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => done(false), STEP_MOST_MS);
      const done = (is: boolean) => {
        clearTimeout(timer);
        this.onFrame = null;
        resolve(is);
      };
      this.onFrame = () => done(true);
      this.video.currentTime = seconds;
    });
  }

  /** `from`: what is asked for begins there; `closed`: it ends now. */
  load(ms: number, from = this.fromOf(ms), closed = this.covers(ms) === 'unknown' && this.mayBeUnfinished(ms)): void {
    this.target = ms;
    this.stopped = false;
    const to = closed ? serverClock.now() - CLOCK_MS : ms + WINDOW_MS;
    this.window = { from, to, asked: performance.now(), empty: false, closed };
    this.shown = null;
    this.listener.state('loading', 0);
    const fills = Hls.isSupported() ? 'filled' : undefined; // joining-loader.ts
    const query = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), codec: this.h264 ? 'h264' : undefined, holes: fills };
    const url = access.url(this.camera, 'playlist.m3u8', { from, to }, query);
    if (fills) this.loadHls(url);
    else void this.loadNative(url);
  }

  /** A list that ended where its sound does is gone on with from there, else it would end there again. */
  private fromOf(ms: number): number {
    const end = this.window?.to ?? Infinity;
    return ms >= end && ms - BEFORE_MS < end ? end : ms - BEFORE_MS;
  }

  private startFilm(hls: Hls, seconds: number): void {
    this.filming = true;
    hls.startLoad(seconds);
  }

  /** Nothing more comes of what was loaded, and why. */
  private tell(state: Exclude<PlayerState, 'loading' | 'ready'>, status: number): void {
    this.stopped = state !== 'no-footage';
    if (this.window && state === 'no-footage') this.window.empty = true;
    if (this.window && state === 'reason') access.drop(this.camera, this.window.from, this.window.to);
    this.listener.state(state, status);
  }

  /** There is nothing of the moment: it is looked for in the group of pictures that is not over yet. */
  private nothing(): void {
    if (this.window && this.mayBeUnfinished(this.target)) this.load(this.target, this.window.from, true);
    else this.tell('no-footage', 404);
  }

  private loadHls(url: string): void {
    this.hls?.destroy();
    this.filming = false;
    const hls: Hls = new Hls({
      enableWorker: false, // nothing to repackage; a worker's blob: address is against the policy
      startPosition: -1,
      autoStartLoad: false,
      maxBufferLength: 20,
      backBufferLength: 60,
      liveDurationInfinity: true,
      startFragPrefetch: true,
      lowLatencyMode: false,
      fLoader: joiningLoader((part) => isLast(part, hls.latestLevelDetails)),
    });
    this.hls = hls;
    hls.on(Events.LEVEL_LOADED, (_event, { details }) => {
      if (hls !== this.hls || hls.media === null) return;
      const end = this.endOf(details);
      if (this.started === hls && this.window && end) this.window.to = end; // it was begun while there was no end in sight
      if (this.started === hls) return;
      this.started = hls;
      const fragment = details.fragments.find(({ programDateTime, duration }) => (programDateTime ?? 0) + duration * 1000 > this.target);
      if (!fragment && end) return this.load(Math.max(this.target, end), end);
      if (!fragment) return this.nothing();
      if (this.window && end) this.window.to = end;
      this.made = details.fragments.some(isMade);
      this.listener.made(this.made);
      const into = Math.max(0, (this.target - (fragment.programDateTime ?? this.target)) / 1000);
      if (this.listOnly) this.listener.state('ready', 200);
      else this.startFilm(hls, fragment.start + into);
    });
    hls.on(Events.ERROR, (_event, data) => {
      if (hls !== this.hls) return;
      const status = data.response?.code ?? 0;
      if (this.refused(status) || !data.fatal) return;
      if (status === 403) this.tell('reason', status);
      else if (data.details === ErrorDetails.MANIFEST_LOAD_ERROR && status === 404) this.nothing();
      else if (data.details === ErrorDetails.MANIFEST_LOAD_ERROR) this.tell('error', status);
      else if (data.details === ErrorDetails.MANIFEST_PARSING_ERROR || data.details === ErrorDetails.LEVEL_EMPTY_ERROR) this.tell('no-footage', 404);
      else if (CODEC_ERRORS.has(data.details)) this.cannotShow();
      else if (data.type === ErrorTypes.MEDIA_ERROR && !this.recovered) {
        this.recovered = true;
        hls.recoverMediaError();
      } else this.tell('error', status);
    });
    this.recovered = false;
    hls.attachMedia(this.video);
    hls.loadSource(url);
  }

  /** Where a list ends that ends before what was asked for does; 0: it does not. Just behind it the next one begins. */
  private endOf({ live, fragments }: LevelDetails): number {
    const last = fragments.at(-1);
    if (live || !last || last.programDateTime === null) return 0;
    const end = last.programDateTime + last.duration * 1000 + 1;
    return this.window && end < this.window.to - JUST_MS && end > this.window.from + JUST_MS ? end : 0;
  }

  private filming = false;
  private started: Hls | null = null;
  private recovered = false;

  private async loadNative(url: string): Promise<void> {
    const { window } = this;
    try {
      await request(url); // a video element does not say why it got nothing
    } catch (error) {
      const status = error instanceof Problem ? error.status : 0;
      if (window === this.window && !this.refused(status)) this.tell(status === 403 ? 'reason' : status === 404 ? 'no-footage' : 'error', status);
      return;
    }
    if (window !== this.window) return;
    this.video.src = url;
    this.video.addEventListener('loadedmetadata', () => {
      const seconds = this.mediaTimeOf(this.target);
      if (seconds !== null) this.video.currentTime = seconds;
    }, { once: true });
  }

  /** Where in the loaded window the moment is; null when it is not in it. */
  private mediaTimeOf(ms: number): number | null {
    if (!this.window || ms < this.window.from || ms > this.window.to) return null;
    if (!this.hls) {
      const start = (this.video as Native).getStartDate?.().getTime();
      return start ? Math.max(0, (ms - start) / 1000) : null;
    }
    const fragments = this.hls.latestLevelDetails?.fragments ?? [];
    for (const { programDateTime, start, duration } of fragments) {
      if (programDateTime === null || ms >= programDateTime + duration * 1000) continue;
      return start + Math.max(0, (ms - programDateTime) / 1000);
    }
    return null;
  }

  private wallTimeOf(seconds: number): number | null {
    if (!this.hls) {
      const start = (this.video as Native).getStartDate?.().getTime();
      return start ? start + seconds * 1000 : null;
    }
    for (const { programDateTime, start, duration } of this.hls.latestLevelDetails?.fragments ?? []) {
      if (programDateTime !== null && seconds < start + duration) return programDateTime + Math.max(0, seconds - start) * 1000;
    }
    return this.hls.playingDate?.getTime() ?? null;
  }

  private readonly ready = () => this.listener.state('ready', 200);

  private readonly broken = () => {
    if (this.hls || !this.video.error) return;
    if (this.video.error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) this.cannotShow();
    else this.tell('error', 0);
  };

  private eachFrame(): void {
    if (!this.video.requestVideoFrameCallback) return;
    this.frame = this.video.requestVideoFrameCallback((now, { mediaTime }) => {
      const apart = this.shown === null ? 0 : mediaTime - this.shown;
      if (!this.video.paused && apart > 0.005 && apart < 0.5) this.period = this.period ? Math.min(this.period, apart) : apart;
      this.shown = mediaTime;
      const there = !this.video.seeking && Math.abs((this.wallTimeOf(mediaTime) ?? 0) - this.target) < THERE_MS;
      if (this.jumped && there) {
        performance.measure('jump', { start: this.jumped, end: Math.max(now, performance.now()) });
        this.jumped = 0;
      }
      this.onFrame?.();
      this.eachFrame();
    });
  }
}

const CODEC_ERRORS = new Set<string>([
  ErrorDetails.BUFFER_ADD_CODEC_ERROR,
  ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR,
  ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR,
]);

type Native = HTMLVideoElement & { getStartDate?: () => Date };
