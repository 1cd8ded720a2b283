// The one WebSocket of the app: remembers what is wanted, asks for it again after each
// reconnection, and hands on what comes. Knows nothing of decoding or of screens.

import type { StreamName } from '../api/types';
import { parseEvent, parseUnit, type LiveEvent, type Unit } from './message';

/** Milliseconds between two subscriptions: 32 at once would bring 32 bursts of pictures at once. */
const STAGGER_MS = 25;
const FIRST_WAIT_MS = 400;
/** After a tunnel everyone wants to be back at once; what is away for longer is waited for longer. */
const WAIT_MOST_MS = 1_200;
const TUNNEL_FAILURES = 40;
const LONGEST_WAIT_MS = 8_000;
/** A connection of this age counts as good: the next loss starts with a short wait again. */
const GOOD_AFTER_MS = 5_000;
/** A phone that changes its network is not told that its connection is gone: one on which nothing
 * comes although pictures are wanted is made anew after this long, then twice as long, since all the
 * cameras may be dead. */
const SILENT_MS = 6_000;
const SILENT_MOST_MS = 60_000;
/** A socket of which nothing is wanted hears that the server is there each 25 s. */
const IDLE_SILENT_MS = 65_000;
/** What was heard so lately came over the network that is there now. */
const LATELY_MS = 2_000;
/** How long an attempt may take. What was sent into a tunnel is sent anew ever more rarely, by the
 * system: a new attempt is through sooner. On a line known to open quickly not much is waited for;
 * as it may have become slow, twice as long after so many attempts. */
const OPENING_LEAST_MS = 1_200;
const OPENING_MOST_MS = 8_000;
const OPENING_PATIENCE = 15;
const AGAIN_MS = 100;
const WATCH_MS = 200;
/** The page itself was stopped when it was not heard of for so long; after this long nobody knows what became of its socket. */
const ASLEEP_MS = 3_000;
const LONG_ASLEEP_MS = 20_000;

interface Wanted {
  stream: StreamName;
  audio: boolean;
}

export interface LiveSocketListener {
  event(event: LiveEvent): void;
  unit(unit: Unit): void;
  /** `failures`: attempts in a row that did not succeed. */
  connection(open: boolean, failures: number): void;
}

/** How long to wait before attempt number `failures` + 1; `random` in [0, 1). */
export function backoffMs(failures: number, random: number): number {
  const most = failures < TUNNEL_FAILURES ? WAIT_MOST_MS : LONGEST_WAIT_MS;
  const wait = Math.min(most, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return wait * (0.5 + random / 2);
}

/** How long attempt number `failures` + 1 may take, where the last one that succeeded took `tookMs` (0: none did). */
export function openingMostMs(failures: number, tookMs: number): number {
  if (tookMs === 0) return OPENING_MOST_MS;
  const most = Math.max(OPENING_LEAST_MS, 3 * tookMs) * 2 ** Math.floor(failures / OPENING_PATIENCE);
  return Math.min(OPENING_MOST_MS, most);
}

function forget(socket: WebSocket): void {
  socket.onclose = socket.onopen = null;
  socket.close();
}

export class LiveSocket {
  private socket: WebSocket | null = null;
  private wanted = new Map<string, Wanted>();
  private asked = new Map<string, Wanted>();
  private queue: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private running = false;
  private h264 = false;
  private watch: ReturnType<typeof setInterval> | undefined;
  private watchedAt = 0;
  private openedAt = 0;
  private begunAt = 0;
  private took = 0;
  private heardAt = 0;
  private silence = SILENT_MS;

  constructor(
    private readonly url: string,
    private readonly listener: LiveSocketListener,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    addEventListener('online', this.hurry);
    this.watchedAt = Date.now();
    this.watch = setInterval(() => this.listen(Date.now()), WATCH_MS);
    this.connect();
  }

  stop(): void {
    this.running = false;
    removeEventListener('online', this.hurry);
    clearInterval(this.watch);
    clearTimeout(this.retry);
    clearTimeout(this.timer);
    this.timer = undefined;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.asked.clear();
    this.queue = [];
  }

  /** Wants this stream of the camera from now on, with its sound or without; the other one, if it runs, until the new one does. */
  want(camera: string, stream: StreamName, audio = false): void {
    const before = this.wanted.get(camera);
    if (before?.stream === stream && before.audio === audio) return;
    this.wanted.set(camera, { stream, audio });
    this.enqueue(camera);
  }

  /** What is wanted of the camera is asked for anew: it may be given otherwise now. */
  again(camera: string): void {
    if (!this.wanted.has(camera)) return;
    this.asked.delete(camera);
    this.enqueue(camera);
  }

  unwant(camera: string): void {
    if (this.wanted.delete(camera)) this.enqueue(camera);
  }

  /** This browser knows no H.265: what is wanted is asked for again, with H.264 in its place. */
  askH264(): void {
    this.h264 = true;
    for (const camera of this.wanted.keys()) {
      this.asked.delete(camera); // what was asked for and is not wanted any more is still to be given up
      this.enqueue(camera);
    }
  }

  private readonly hurry = () => {
    if (!this.running) return;
    const open = this.socket?.readyState === WebSocket.OPEN;
    if (open && Date.now() - this.heardAt < LATELY_MS) return;
    clearTimeout(this.retry);
    if (open) this.listener.connection(false, 0);
    if (this.socket) forget(this.socket); // what it sent is lost
    this.connect();
  };

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.openedAt = 0;
    this.begunAt = this.heardAt = Date.now();
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      this.openedAt = this.heardAt = Date.now();
      this.took = Math.max(1, this.openedAt - this.begunAt);
      this.asked.clear();
      this.queue = [];
      this.listener.connection(true, 0);
      for (const camera of this.wanted.keys()) this.enqueue(camera);
    };
    socket.onmessage = (message: MessageEvent<ArrayBuffer | string>) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      if (typeof message.data === 'string') {
        const event = parseEvent(message.data);
        if (event) this.listener.event(event);
      } else {
        this.silence = SILENT_MS;
        const unit = parseUnit(message.data);
        if (unit) this.listener.unit(unit);
      }
    };
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
  }

  /** `waitMs`: before the next attempt; by the number of failures when it is not given. */
  private lost(waitMs?: number): void {
    this.socket = null;
    const good = this.openedAt && Date.now() - this.openedAt > GOOD_AFTER_MS;
    this.failures = good ? 1 : this.failures + 1;
    this.listener.connection(false, this.failures);
    this.retry = setTimeout(() => this.connect(), waitMs ?? backoffMs(this.failures - 1, Math.random()));
  }

  /** Gives up a connection on which nothing is heard. */
  private listen(now: number): void {
    const slept = now - this.watchedAt; // nobody could hear
    this.watchedAt = now;
    const { socket } = this;
    if (slept > LONG_ASLEEP_MS) return this.hurry();
    if (slept > ASLEEP_MS) this.heardAt = now;
    if (!socket) return;
    const opening = socket.readyState === WebSocket.CONNECTING;
    const idle = !opening && this.wanted.size === 0;
    if (now - this.heardAt <= (opening ? openingMostMs(this.failures, this.took) : idle ? IDLE_SILENT_MS : this.silence)) return;
    if (!opening && !idle) this.silence = Math.min(SILENT_MOST_MS, this.silence * 2);
    forget(socket);
    this.lost(opening ? AGAIN_MS : undefined); // an attempt that took too long has waited enough
  }

  private enqueue(camera: string): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    if (!this.queue.includes(camera)) this.queue.push(camera);
    if (this.timer === undefined) this.sendNext();
  }

  private readonly sendNext = () => {
    this.timer = undefined;
    let sent = false;
    while (!sent && this.queue.length > 0) sent = this.send(this.queue.shift()!);
    if (sent) this.timer = setTimeout(this.sendNext, STAGGER_MS);
  };

  private send(camera: string): boolean {
    const wanted = this.wanted.get(camera);
    if (wanted === this.asked.get(camera) || this.socket?.readyState !== WebSocket.OPEN) return false;
    if (wanted) {
      this.asked.set(camera, wanted);
      this.socket.send(JSON.stringify({ op: 'subscribe', camera, ...wanted, h264: this.h264 }));
    } else {
      this.asked.delete(camera);
      this.socket.send(JSON.stringify({ op: 'unsubscribe', camera }));
    }
    return true;
  }
}
