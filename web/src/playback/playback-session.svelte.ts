// What is played back: the lanes, the common clock and its speed. The screen tells it what people
// want; it seeks and nudges the lanes.

import { serverClock } from '../time/server-clock';
import { PlaybackClock } from './clock';
import { byKeyPictures, HOLD_MOST_MS } from './in-step';
import { Lane } from './lane.svelte';

/** The newest footage is on disk and in the playlist after about this long. */
const EDGE_MS = 3_000;
const TICK_MS = 40;
/** Footage of a camera that is lost now may go on this near to the present. */
const SOON_MS = 5 * 60_000;
/** A camera that says nothing else shows this many pictures a second. */
const PICTURES = 15;

export class PlaybackSession {
  lanes = $state.raw<Lane[]>([]);
  cursor = $state(0);
  playing = $state(true);
  speed = $state(1);
  private readonly clock: PlaybackClock;
  private waitingSince = 0;
  private stepping = false;

  constructor(at: number) {
    this.clock = new PlaybackClock(at);
    this.clock.run(true);
    this.cursor = at;
  }

  /** Runs until the function that it returns is called. */
  start(): () => void {
    const timer = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(timer);
  }

  /** Shows these cameras, in this order; those that stay go on undisturbed. */
  choose(cameras: string[]): void {
    this.lanes = cameras.map((camera) => this.lanes.find((lane) => lane.camera === camera) ?? new Lane(camera));
  }

  /** No lane goes beyond what is recorded by now. */
  private latest(edgeMs: number): number {
    return serverClock.now() - edgeMs - Math.max(0, ...this.lanes.map(({ shift }) => shift));
  }

  jump(ms: number): void {
    const to = Math.min(ms, this.latest(EDGE_MS));
    // Where none has anything to show, the next footage in sight; what lies elsewhere was not asked for.
    const sight = this.lanes.map((lane) => lane.nextInSight(to)).filter((one) => one !== null);
    this.go(sight.length > 0 ? Math.min(...sight) : to);
  }

  play(is: boolean): void {
    this.playing = is;
    this.clock.run(is);
    this.tick();
  }

  setSpeed(to: number): void {
    this.speed = to;
    this.clock.speed(to);
  }

  /** One picture on or back of the first camera that has one; the others follow. `pictures` a second, as they say. */
  async step(way: 1 | -1, pictures: number): Promise<void> {
    if (this.stepping) return;
    if (this.playing) {
      this.play(false);
      this.clock.set(this.cursor);
    }
    const leader = this.lanes.find((lane) => lane.covers(this.cursor) && lane.state === 'ready');
    this.stepping = true;
    const ms = (await leader?.step(way, 1000 / (pictures || PICTURES))) ?? null;
    this.stepping = false;
    if (ms === null || this.playing) return;
    this.clock.set(ms);
    this.cursor = ms;
    for (const lane of this.lanes) if (lane !== leader) lane.jump(ms);
  }

  private go(ms: number): void {
    this.clock.set(ms);
    this.cursor = ms;
    this.waitingSince = 0;
    for (const lane of this.lanes) lane.jump(ms);
  }

  /** The first footage of any lane after this moment, as far as it is known. */
  private next(ms: number): number | null {
    const all = this.lanes.map((lane) => lane.next(ms)).filter((one) => one !== null);
    return all.length > 0 ? Math.min(...all) : null;
  }

  private tick(): void {
    if (this.stepping) return;
    const ms = Math.min(this.clock.now(), this.latest(EDGE_MS / 2));
    const fast = this.playing && byKeyPictures(this.lanes.length, this.speed);
    const follow = this.lanes.map((lane) => lane.follow(ms, this.playing, this.speed, fast));
    if (this.playing) this.keepTime(ms, follow);
    const now = this.clock.now();
    if (Math.abs(now - this.cursor) > 1) this.cursor = now;
  }

  private keepTime(ms: number, follow: string[]): void {
    const leading = this.lanes.filter((_, i) => follow[i] === 'leads');
    const waits = follow.includes('wait');
    const machine = performance.now();
    if (!waits) this.waitingSince = 0;
    else this.waitingSince ||= machine;
    this.clock.hold(waits && (leading.length === 0 || machine - this.waitingSince < HOLD_MOST_MS));
    if (waits) return;
    // One camera alone is not nudged: the clock goes by it.
    if (this.lanes.length === 1 && leading[0]) this.clock.set(leading[0].now() ?? ms);
    else if (this.clock.now() > ms) this.clock.set(ms);
    if (follow.length > 0 && follow.every((one) => one === 'none')) this.overGap(ms);
  }

  /** No lane has pictures: on to where one has; near the present, or of a line that broke, there may be some soon; else a stop. */
  private overGap(ms: number): void {
    const to = this.next(ms);
    if (to !== null && to > ms) this.go(to);
    else if (serverClock.now() - ms < SOON_MS || this.lanes.some(({ state }) => state === 'error')) this.clock.hold(true);
    else this.play(false);
  }
}
