// Plays footage of one camera in a video element: loads a window of the playlist around the asked
// moment, tells the wall time of what is shown, and goes on with the next window at its end.
// hls.js where Media Source Extensions are, else what the browser itself can do (iPhone).

import Hls, { ErrorDetails, ErrorTypes, Events } from 'hls.js/light';
import { apiUrl } from '../api/client';

/** Footage is loaded from this much before the asked moment: it begins with a key picture. */
const BEFORE_MS = 4_000;
const WINDOW_MS = 10 * 60_000;

export type PlayerState = 'loading' | 'ready' | 'no-footage' | 'codec' | 'error';

export interface PlayerListener {
  /** Wall time of the picture that is shown. */
  time(ms: number): void;
  state(state: PlayerState, status: number): void;
  playing(playing: boolean): void;
}

export class Player {
  private hls: Hls | null = null;
  private window: { from: number; to: number } | null = null;
  private target = 0;
  private wanted = false;
  private rate = 1;
  private frame = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly camera: string,
    private readonly listener: PlayerListener,
  ) {
    video.addEventListener('timeupdate', this.tell);
    video.addEventListener('seeked', this.tell);
    video.addEventListener('play', this.told);
    video.addEventListener('pause', this.told);
    video.addEventListener('ended', this.next);
    video.addEventListener('loadeddata', this.ready);
    video.addEventListener('error', this.broken);
    this.eachFrame();
  }

  destroy(): void {
    const { video } = this;
    video.removeEventListener('timeupdate', this.tell);
    video.removeEventListener('seeked', this.tell);
    video.removeEventListener('play', this.told);
    video.removeEventListener('pause', this.told);
    video.removeEventListener('ended', this.next);
    video.removeEventListener('loadeddata', this.ready);
    video.removeEventListener('error', this.broken);
    if (this.frame) video.cancelVideoFrameCallback?.(this.frame);
    this.hls?.destroy();
    video.removeAttribute('src');
    video.load();
  }

  /** Shows the picture of this moment, and goes on from there if playing. */
  jump(ms: number): void {
    this.target = ms;
    const seconds = this.mediaTimeOf(ms);
    if (seconds !== null) {
      this.video.currentTime = seconds;
      this.listener.state('ready', 200);
      if (this.wanted) this.play();
      return;
    }
    this.load(ms);
  }

  play(): void {
    this.wanted = true;
    this.video.playbackRate = this.rate;
    void this.video.play().catch(() => this.listener.playing(false));
  }

  pause(): void {
    this.wanted = false;
    this.video.pause();
  }

  speed(rate: number): void {
    this.rate = rate;
    this.video.playbackRate = rate;
    this.video.defaultPlaybackRate = rate;
  }

  /** Is it to play, whether or not it can? */
  get wantsToPlay(): boolean {
    return this.wanted;
  }

  /** The wall time of what is shown; null when nothing is. */
  now(): number | null {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    const date = this.hls ? this.hls.playingDate : nativeDate(this.video);
    return date ? date.getTime() : null;
  }

  private load(ms: number): void {
    const from = ms - BEFORE_MS;
    const to = ms + WINDOW_MS;
    this.window = { from, to };
    this.listener.state('loading', 0);
    const url = apiUrl(`/cameras/${this.camera}/playlist.m3u8`, {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    });
    if (Hls.isSupported()) this.loadHls(url);
    else this.loadNative(url);
  }

  private loadHls(url: string): void {
    this.hls?.destroy();
    const hls = new Hls({
      enableWorker: false, // nothing to repackage; a worker's blob: address is against the policy
      startPosition: -1,
      autoStartLoad: false,
      maxBufferLength: 20,
      backBufferLength: 60,
      liveDurationInfinity: true,
      startFragPrefetch: true,
      lowLatencyMode: false,
    });
    this.hls = hls;
    hls.on(Events.LEVEL_LOADED, (_event, { details }) => {
      if (hls !== this.hls || hls.media === null || this.started === hls) return;
      this.started = hls;
      const fragment = details.fragments.find(({ programDateTime, duration }) => (programDateTime ?? 0) + duration * 1000 > this.target);
      if (!fragment) return this.listener.state('no-footage', 404);
      const into = Math.max(0, (this.target - (fragment.programDateTime ?? this.target)) / 1000);
      hls.startLoad(fragment.start + into);
    });
    hls.on(Events.ERROR, (_event, data) => {
      if (hls !== this.hls || !data.fatal) return;
      const status = data.response?.code ?? 0;
      if (data.details === ErrorDetails.MANIFEST_LOAD_ERROR) this.listener.state(status === 404 ? 'no-footage' : 'error', status);
      else if (data.details === ErrorDetails.MANIFEST_PARSING_ERROR || data.details === ErrorDetails.LEVEL_EMPTY_ERROR) this.listener.state('no-footage', 404);
      else if (CODEC_ERRORS.has(data.details)) this.listener.state('codec', 0);
      else if (data.type === ErrorTypes.MEDIA_ERROR && !this.recovered) {
        this.recovered = true;
        hls.recoverMediaError();
      } else this.listener.state('error', status);
    });
    this.recovered = false;
    hls.attachMedia(this.video);
    hls.loadSource(url);
  }

  private started: Hls | null = null;
  private recovered = false;

  private loadNative(url: string): void {
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

  private readonly tell = () => {
    const ms = this.now();
    if (ms !== null && !this.video.seeking) this.listener.time(ms);
  };

  private readonly told = () => this.listener.playing(!this.video.paused);

  private readonly ready = () => {
    this.listener.state('ready', 200);
    this.video.playbackRate = this.rate;
    this.tell();
    if (this.wanted) this.play();
  };

  private readonly next = () => {
    if (this.window) this.load((this.target = this.window.to));
  };

  private readonly broken = () => {
    if (!this.hls && this.video.error) {
      this.listener.state(this.video.error.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED ? 'codec' : 'error', 0);
    }
  };

  private eachFrame(): void {
    if (!this.video.requestVideoFrameCallback) return;
    this.frame = this.video.requestVideoFrameCallback(() => {
      this.tell();
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

function nativeDate(video: HTMLVideoElement): Date | null {
  const start = (video as Native).getStartDate?.().getTime();
  return start ? new Date(start + video.currentTime * 1000) : null;
}
