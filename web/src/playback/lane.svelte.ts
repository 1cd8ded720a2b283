// One camera on the playback screen: its player, what is known of its footage, and how it follows
// the common clock.

import { access } from '../access/access';
import { serverClock } from '../time/server-clock';
import type { Area } from './area';
import { CoverageStore, askServer, nextFootage, type Gap, type Span } from './coverage';
import { correction, HOLD_MOST_MS } from './in-step';
import { KeyPictures, canShowKeyPictures, partAt } from './key-pictures';
import { MOTION_FRESH_MS, askMotion, showsMotion } from './motion';
import { Player, type PlayerState } from './player';
import { previewUrl } from './preview';
import type { View } from './view';

/** The server makes H.264 for no more viewers now: it is asked again after this long. */
const AGAIN_MS = 10_000;

/** Faster than this, what the server makes of H.265 is shown by its key pictures: a film costs it too much. */
const MADE_SPEED_MOST = 2;

/** Pictures that are missing in what was loaded are waited for so long: most come when they are asked for again. */
const MISSING_MS = 2_000;

/** Key pictures may be so long behind the clock, at its own speed, before it waits for them. */
const LATE_MS = 3_000;

/** What a lane needs of the common clock: `wait` holds it, `leads` could set it. */
export type Following = 'wait' | 'leads' | 'none' | 'free';

export class Lane {
  state = $state<PlayerState>('loading');
  failure = $state(0);
  spans = $state.raw<Span[]>([]);
  gaps = $state.raw<Gap[]>([]);
  moved = $state.raw<Span[]>([]);
  /** address of a picture that stands for the film; '' for none */
  still = $state('');
  /** the server makes the film of H.265 */
  made = $state(false);
  /** key pictures are drawn over the film */
  fast = $state(false);
  /** the key pictures do not keep up, and were waited for */
  late = $state(false);
  /** this much later than the common clock it is, milliseconds; what comes in and goes out is the clock's */
  shift = $state(0);
  coverage: CoverageStore;
  private motion: CoverageStore;
  private area: Area | null = null;
  /** so many grants had come and gone when movement was asked for first */
  private known = access.changes;
  private player: Player | null = null;
  private keys: KeyPictures | null = null;
  private limitedAt = 0;
  /** since when it stands where pictures are missing; null: it does not */
  private missingSince: number | null = null;
  /** since when the key pictures are late; null: they are not */
  private lateSince: number | null = null;

  constructor(readonly camera: string) {
    this.coverage = new CoverageStore(askServer(camera), () => serverClock.now());
    this.motion = new CoverageStore(askMotion(camera), () => serverClock.now(), MOTION_FRESH_MS);
  }

  /** Shows itself in these elements from now on, `at` a moment of its own. */
  attach(video: HTMLVideoElement, canvas: HTMLCanvasElement, at: number): () => void {
    const player = new Player(video, this.camera, {
      state: (state, status) => this.said(state, status),
      made: (is) => (this.made = is),
    });
    this.player = player;
    const keys = new KeyPictures((frame) => {
      if (canvas.width !== frame.displayWidth || canvas.height !== frame.displayHeight) {
        canvas.width = frame.displayWidth;
        canvas.height = frame.displayHeight;
      }
      canvas.getContext('2d')?.drawImage(frame, 0, 0);
    }, (status) => player.refused(status));
    this.keys = keys;
    player.jump(at);
    return () => {
      player.destroy();
      keys.close();
      this.player = null;
      this.keys = null;
    };
  }

  private said(state: PlayerState, status: number): void {
    if (state === 'limit') this.limitedAt = performance.now();
    // Single pictures go on while it is asked again.
    if (state === 'loading' && this.state === 'limit') return;
    this.state = state;
    this.failure = status;
  }

  jump(ms: number): void {
    this.player?.jump(ms + this.shift);
  }

  /** What is loaded is asked for anew: it may be given otherwise now. */
  anew(ms: number): void {
    this.player?.load(ms + this.shift);
  }

  /** Of the area that was drawn, or of the whole picture. */
  look(area: Area | null): void {
    this.area = area;
    this.known = access.changes;
    this.motion = new CoverageStore(askMotion(this.camera, area), () => serverClock.now(), MOTION_FRESH_MS);
    this.moved = [];
  }

  pick(view: View): void {
    this.spans = this.coverage.spans(view.from, view.to);
    this.gaps = this.coverage.gaps(view.from, view.to);
    this.moved = showsMotion(view) ? this.motion.spans(view.from, view.to) : [];
  }

  /** Throws what the server says to the question for footage. */
  async refresh(view: View): Promise<void> {
    await this.coverage.load(view.from, view.to);
    this.pick(view);
    // A reason that was told opens older movement, too. Without it the timeline is as good as before.
    if (this.known !== access.changes) this.look(this.area);
    const { motion } = this;
    if (showsMotion(view) && (await motion.load(view.from, view.to).catch(() => false)) && motion === this.motion) this.pick(view);
  }

  /** To the picture before or after the one that is shown; the moment of it, or null. */
  async step(way: 1 | -1, periodMs: number): Promise<number | null> {
    const moment = this.state === 'ready' && this.player ? await this.player.step(way, periodMs) : null;
    return moment === null ? null : moment - this.shift;
  }

  now(): number | null {
    const moment = this.player?.now() ?? null;
    return moment === null ? null : moment - this.shift;
  }

  /** The first footage at or after this moment, as far as it is known. */
  next(ms: number): number | null {
    const own = ms + this.shift;
    const goesOn = this.missingSince !== null ? this.player?.goesOn() : null;
    if (goesOn) return Math.max(own, goesOn) - this.shift;
    const part = this.player?.parts().find(({ to }) => to > own);
    const moment = part ? Math.max(own, part.from) : nextFootage(this.spans, own);
    return moment === null ? null : moment - this.shift;
  }

  /** The same of what is known of its footage alone. */
  nextInSight(ms: number): number | null {
    const moment = nextFootage(this.spans, ms + this.shift);
    return moment === null ? null : moment - this.shift;
  }

  /** No film can be had: single pictures of the clock's moment stand for it. */
  get singlePictures(): boolean {
    return this.state === 'codec' || this.state === 'limit';
  }

  /** What is said where footage of H.265 cannot be shown as it is: its text. */
  get instead(): '' | 'playback.codec' | 'playback.limit' | 'live.transcoded' {
    if (this.state === 'codec' || this.state === 'limit') return `playback.${this.state}`;
    return this.made && this.state === 'ready' ? 'live.transcoded' : '';
  }

  /** Why there is no footage at this moment; '' for not known, or there is some. */
  causeAt(ms: number): string {
    const own = ms + this.shift;
    return this.gaps.find(({ from, to }) => own >= from && own < to)?.cause ?? '';
  }

  covers(ms: number): boolean {
    return this.player?.covers(ms + this.shift) === 'yes';
  }

  /** Follows the clock, which says `clock`; called many times a second. */
  follow(clock: number, playing: boolean, speed: number, fast: boolean): Following {
    const { player } = this;
    const ms = clock + this.shift;
    if (!player || this.state === 'error') return 'none';
    if (this.state === 'limit' && performance.now() - this.limitedAt > AGAIN_MS) {
      this.limitedAt = performance.now();
      player.load(ms);
    }
    if (this.singlePictures) {
      player.run(0); // what it still had
      return 'free';
    }
    const byKeys = fast || (playing && this.made && speed > MADE_SPEED_MOST);
    this.show(byKeys, ms);
    const covers = player.covers(ms);
    if (covers === 'unknown') player.load(ms);
    if (covers === 'unknown' || covers === 'asking' || covers === 'coming') {
      player.run(0);
      return 'wait';
    }
    if (covers === 'no') {
      this.state = 'no-footage';
      player.run(0);
      return 'none';
    }
    if (byKeys) return this.followFast(ms, player, speed);
    return this.followFilm(ms, player, playing ? speed : 0);
  }

  private show(fast: boolean, ms: number): void {
    if (fast === this.fast || !this.player) return;
    this.fast = fast;
    this.player.listOnly = fast;
    this.still = '';
    this.inTime();
    if (fast) {
      this.player.run(0);
      this.keys?.begin(ms);
    } else {
      this.keys?.show(null);
      this.player.jump(ms);
    }
  }

  private followFast(ms: number, player: Player, speed: number): Following {
    this.state = 'ready';
    if (!canShowKeyPictures()) {
      this.still = previewUrl(this.camera, ms, this.spans, serverClock.now()) || this.still;
      return 'free';
    }
    const part = partAt(player.parts(), ms);
    this.keys?.show(part);
    return part && (this.keys?.behind(ms) ?? 0) > LATE_MS * speed ? this.whileLate() : this.inTime();
  }

  /** The clock waits for a picture a while, and goes on without it. */
  private whileLate(): Following {
    this.lateSince ??= performance.now();
    this.late = performance.now() - this.lateSince >= HOLD_MOST_MS;
    return this.late ? 'free' : 'wait';
  }

  private inTime(): Following {
    this.lateSince = null;
    this.late = false;
    return 'free';
  }

  private followFilm(ms: number, player: Player, speed: number): Following {
    if (this.state === 'no-footage') {
      player.jump(ms); // out of a gap
      return 'wait';
    }
    if (speed === 0) {
      player.run(0);
      return 'leads';
    }
    const shown = player.now();
    if (!player.able || shown === null) return this.overMissing(ms, player);
    this.missingSince = null;
    const what = correction(ms, shown, speed);
    if (what.seek) {
      player.jump(ms);
      return 'wait';
    }
    player.run(what.rate);
    return 'leads';
  }

  /** It has no picture: of a few that are missing it does not make the others wait, and goes on behind them. */
  private overMissing(ms: number, player: Player): Following {
    const goesOn = player.goesOn();
    if (goesOn === null) {
      this.missingSince = null;
      return 'wait';
    }
    this.missingSince ??= performance.now();
    if (performance.now() - this.missingSince < MISSING_MS) return 'wait';
    if (ms < goesOn) return 'none';
    player.jump(ms);
    return 'wait';
  }
}
