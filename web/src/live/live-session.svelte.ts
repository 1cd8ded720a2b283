// What the screens talk to: who watches which camera, over the one socket. Cameras are dropped a
// little after the last canvas is gone, so that going from the grid to one camera costs nothing.

import { untrack } from 'svelte';
import { caseNews } from '../cases/news.svelte';
import { changeNews } from '../changes/change-news.svelte';
import { maskNews } from '../masks/mask-news.svelte';
import { packageNews } from '../packages/package-news.svelte';
import { reportNews } from '../reports/report-news.svelte';
import { ring } from '../reports/ring';
import { signIns } from '../shell/sign-ins.svelte';
import { site } from '../shell/site.svelte';
import { troubles } from '../shell/troubles.svelte';
import { serverClock } from '../time/server-clock';
import type { StreamName } from '../api/types';
import { Feed, type FeedTrouble, type Target } from './feed';
import { LiveSocket } from './live-socket';
import type { LiveEvent, Unit } from './message';
import { SoundPlayer } from './sound-player';

const LINGER_MS = 1_200;
/** A connection that is back within this time was not lost for anyone who looks. */
const LOST_AFTER_MS = 800;
/** H.265 that still comes so long after H.264 was asked for is all that the server has. */
const H264_WAIT_MS = 5_000;
/** A page in the background is given this long to come back before its streams are dropped. */
const HIDDEN_MS = 15_000;

// Drawing takes at most half of the time: where a device draws slowly, tiles skip pictures instead
// of falling behind. Many tiles are drawn together, so that the page is composed less often.
const FEW = 4;
const MANY_REST_MS = 20;
const REST_MOST_MS = 150;

/** What the causes of a refusal mean to a feed. */
const TROUBLES: Record<string, FeedTrouble> = { 'transcoding-limit': 'limit', 'transcoding-off': 'codec', 'transcoding-failed': 'codec' };

interface Watcher {
  stream: StreamName;
  target: Target;
}

export class LiveSession {
  /** is the socket open, and how often in a row could it not be opened */
  connected = $state(false);
  failures = $state(0);
  /** Rises with each change of a feed that is not a picture; reading it makes an effect follow. */
  version = $state(0);

  private readonly feeds = new Map<string, Feed>();
  private readonly watchers = new Map<string, Set<Watcher>>();
  private readonly sounds = new Map<string, SoundPlayer>();
  private readonly byStream = new Map<number, Feed>();
  private readonly ending = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly dirty = new Set<Feed>();
  private drawing = false;
  private restUntil = 0;
  private h264AskedAt = 0;
  private hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  private lostTimer: ReturnType<typeof setTimeout> | undefined;
  private wasOpen = false;
  private readonly socket: LiveSocket;

  /** `opened`: what was told meanwhile was not heard; `again`: it was open before. */
  constructor(opened: (again: boolean) => void = () => {}, url = liveUrl()) {
    this.socket = new LiveSocket(url, {
      event: (event) => this.event(event),
      unit: (unit) => this.unit(unit),
      connection: (open, failures) => {
        if (!open) this.byStream.clear();
        if (open) {
          troubles.forget();
          opened(this.wasOpen);
          this.wasOpen = true;
        }
        clearTimeout(this.lostTimer);
        const tell = () => {
          this.connected = open;
          this.failures = failures;
        };
        if (open || !this.connected) tell();
        else this.lostTimer = setTimeout(tell, LOST_AFTER_MS);
      },
    });
  }

  start(): void {
    this.socket.start();
    document.addEventListener('visibilitychange', this.visibility);
    navigator.serviceWorker?.addEventListener('message', this.answer);
  }

  stop(): void {
    document.removeEventListener('visibilitychange', this.visibility);
    navigator.serviceWorker?.removeEventListener('message', this.answer);
    clearTimeout(this.hiddenTimer);
    clearTimeout(this.lostTimer);
    for (const timer of this.ending.values()) clearTimeout(timer);
    this.socket.stop();
    for (const sound of this.sounds.values()) sound.close();
    this.sounds.clear();
    for (const feed of this.feeds.values()) feed.rest();
    this.feeds.clear();
    troubles.forget();
    this.connected = false;
    this.wasOpen = false;
  }

  feed(camera: string): Feed {
    let feed = this.feeds.get(camera);
    if (!feed) {
      feed = new Feed(camera, {
        dirty: (one) => this.draw(one),
        changed: () => untrack(() => this.version++),
        lacksH265: () => this.askH264(),
      });
      this.feeds.set(camera, feed);
    }
    return feed;
  }

  /** Shows the camera on a canvas until the returned function is called. */
  watch(camera: string, stream: StreamName, target: Target): () => void {
    const watcher = { stream, target };
    const all = this.watchers.get(camera) ?? new Set();
    this.watchers.set(camera, all);
    all.add(watcher);
    const feed = this.feed(camera);
    feed.attach(target);
    this.settle(camera);
    return () => {
      feed.targets.delete(target);
      all.delete(watcher);
      this.settle(camera);
    };
  }

  /** Plays the sound of a camera that is watched, in place of any other's. The caller closes it by `mute`. */
  listen(camera: string): SoundPlayer {
    for (const other of [...this.sounds.keys()]) this.mute(other);
    const sound = new SoundPlayer(() => untrack(() => this.version++));
    this.sounds.set(camera, sound);
    this.settle(camera);
    return sound;
  }

  mute(camera: string): void {
    this.sounds.get(camera)?.close();
    if (this.sounds.delete(camera)) this.settle(camera);
  }

  private askH264(): boolean {
    if (this.h264AskedAt === 0) {
      this.h264AskedAt = performance.now();
      this.socket.askH264();
    }
    return performance.now() - this.h264AskedAt < H264_WAIT_MS;
  }

  private settle(camera: string): void {
    clearTimeout(this.ending.get(camera));
    this.ending.delete(camera);
    const all = [...(this.watchers.get(camera) ?? [])];
    if (all.length > 0) {
      const feed = this.feed(camera);
      if (feed.trouble === 'refused' || feed.trouble === 'limit') feed.trouble = '';
      this.socket.want(camera, all.some(({ stream }) => stream === 'main') ? 'main' : 'sub', this.sounds.has(camera));
    } else {
      this.ending.set(camera, setTimeout(() => this.drop(camera), LINGER_MS));
    }
  }

  private drop(camera: string): void {
    this.ending.delete(camera);
    this.socket.unwant(camera);
    this.feeds.get(camera)?.rest();
  }

  private event(event: LiveEvent): void {
    if (event.op === 'event') {
      troubles.take(event);
      return;
    }
    if (event.op === 'sign-in') {
      signIns.take(event);
      return;
    }
    if (event.op === 'package') {
      packageNews.take(event);
      return;
    }
    if (event.op === 'change') {
      changeNews.take();
      return;
    }
    if (event.op === 'mask') {
      maskNews.take();
      void site.refresh();
      if (!this.feeds.get(event.camera)?.trouble) return; // the server goes on by itself
      this.settle(event.camera);
      this.socket.again(event.camera);
      return;
    }
    if (event.op === 'report') {
      if (reportNews.take(event)) ring();
      return;
    }
    if (event.op === 'case') {
      caseNews.take(event);
      return;
    }
    const feed = this.feeds.get(event.camera);
    if (!feed) return;
    if (event.op === 'subscribed') {
      this.byStream.set(event.id, feed);
      feed.announced(event);
      this.sounds.get(event.camera)?.announced(event.id, event.audio);
      return;
    }
    if (event.op === 'state') {
      feed.state = event.state;
      feed.cause = event.cause;
      feed.causeCode = event.cause_code ?? '';
    } else if (event.op === 'lost') {
      feed.lost += event.pictures;
    } else if (event.op === 'lowered' || event.op === 'raised') {
      feed.lowered = !event.cause ? '' : event.pictures === 'key' ? 'key' : 'lighter';
    } else if (event.op === 'error') {
      feed.setTrouble(TROUBLES[event.cause ?? ''] ?? 'refused', event.detail);
    }
    this.version++;
  }

  private unit(unit: Unit): void {
    if (!unit.init) serverClock.noteCapture(Date.now(), unit.captureUs);
    const feed = this.byStream.get(unit.stream);
    if (unit.audio) this.sounds.get(feed?.camera ?? '')?.take(unit);
    else feed?.take(unit);
  }

  private draw(feed: Feed): void {
    this.dirty.add(feed);
    if (this.drawing) return;
    this.drawing = true;
    const wait = this.restUntil - performance.now();
    if (wait > 0) setTimeout(() => requestAnimationFrame(this.drawAll), wait);
    else requestAnimationFrame(this.drawAll);
  }

  private readonly drawAll = () => {
    this.drawing = false;
    const begun = performance.now();
    for (const feed of this.dirty) feed.draw();
    const ended = performance.now();
    const least = this.dirty.size > FEW ? MANY_REST_MS : 0;
    this.restUntil = ended + Math.min(REST_MOST_MS, Math.max(least, ended - begun));
    this.dirty.clear();
  };

  /** The service worker shows what is pushed, unless this page hears of it. */
  private readonly answer = ({ data, ports }: MessageEvent) => {
    if (data === 'hears?') ports[0]?.postMessage(this.connected);
  };

  private readonly visibility = () => {
    clearTimeout(this.hiddenTimer);
    if (document.hidden) {
      this.hiddenTimer = setTimeout(() => this.socket.stop(), HIDDEN_MS);
    } else {
      this.socket.start();
    }
  };
}

function liveUrl(): string {
  const { protocol, host } = location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/live`;
}
