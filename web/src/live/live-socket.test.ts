import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backoffMs, LiveSocket, openingMostMs } from './live-socket';

/** What a mobile line makes of sockets: what is sent while it is away is sent anew after 1, 3, 7 … s. */
const line = { away: false, handshake: 300, opened: 0, attempts: 0, listeners: new Map<string, () => void>(), asked: [] as { at: number; op: string; camera: string; h264: boolean }[] };

class FakeSocket {
  static OPEN = 1;
  static CONNECTING = 0;
  readyState = 0;
  binaryType = '';
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((message: { data: ArrayBuffer }) => void) | null = null;
  private readonly timers: ReturnType<typeof setTimeout>[] = [];
  private pictures: ReturnType<typeof setInterval> | undefined;

  constructor() {
    line.attempts++;
    for (const at of [0, 1, 3, 7, 15, 31]) this.timers.push(setTimeout(() => this.reach(), at * 1000));
  }

  send(text: string): void {
    const { op, camera, h264 } = JSON.parse(text) as { op: string; camera: string; h264: boolean };
    line.asked.push({ at: Date.now(), op, camera, h264 });
    clearInterval(this.pictures);
    this.pictures = setInterval(() => !line.away && this.onmessage?.({ data: new ArrayBuffer(0) }), 66);
  }

  close(): void {
    this.readyState = 3;
    clearInterval(this.pictures);
    for (const timer of this.timers) clearTimeout(timer);
  }

  private reach(): void {
    if (line.away || this.readyState !== 0) return;
    this.timers.push(
      setTimeout(() => {
        if (line.away || this.readyState !== 0) return;
        this.readyState = 1;
        line.opened = Date.now();
        this.onopen?.();
      }, line.handshake),
    );
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('addEventListener', (name: string, then: () => void) => line.listeners.set(name, then));
  vi.stubGlobal('removeEventListener', (name: string) => line.listeners.delete(name));
  Object.assign(line, { away: false, handshake: 300, opened: 0, attempts: 0, asked: [] });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function watching(): LiveSocket {
  const socket = new LiveSocket('wss://x/live', { event: () => {}, unit: () => {}, connection: () => {} });
  socket.start();
  socket.want('c', 'main');
  return socket;
}

/** Goes through a tunnel; returns how long after it the socket is open again. */
async function tunnel(ms: number): Promise<number> {
  line.away = true;
  await vi.advanceTimersByTimeAsync(ms);
  line.away = false;
  const end = Date.now();
  await vi.advanceTimersByTimeAsync(10_000);
  return line.opened - end;
}

test('the cameras of a wall are asked for one after another, not all at once', async () => {
  const socket = watching();
  for (let i = 0; i < 31; i++) socket.want(`c${i}`, 'sub');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(new Set(line.asked.map(({ camera }) => camera)).size).toBe(32);
  const waits = line.asked.slice(1).map(({ at }, i) => at - line.asked[i]!.at);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(20);
  socket.unwant('c3'); // scrolled out of sight
  await vi.advanceTimersByTimeAsync(100);
  expect(line.asked.at(-1)!.camera).toBe('c3');
  socket.stop();
});

test('a browser without H.265 asks again for all it watches, and from then on', async () => {
  const socket = watching();
  socket.want('d', 'sub');
  await vi.advanceTimersByTimeAsync(1_000);
  socket.askH264();
  await vi.advanceTimersByTimeAsync(1_000);
  socket.want('e', 'sub');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(line.asked.map(({ camera, h264 }) => `${camera} ${h264}`)).toEqual(['c false', 'd false', 'c true', 'd true', 'e true']);
  socket.stop();
});

test('what is given up just before a browser asks for H.264 is given up all the same', async () => {
  const socket = watching();
  socket.want('d', 'sub');
  await vi.advanceTimersByTimeAsync(1_000);
  socket.want('e', 'sub');
  socket.unwant('d'); // waits its turn
  socket.askH264();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(line.asked.map(({ op, camera }) => `${op} ${camera}`)).toContain('unsubscribe d');
  socket.stop();
});

test('after a tunnel of half a minute pictures are asked for again within two seconds, whenever it ends', async () => {
  for (let more = 0; more < 3_000; more += 130) {
    const socket = watching();
    await vi.advanceTimersByTimeAsync(8_000);
    const back = await tunnel(30_000 + more);
    expect(back, `after ${30_000 + more} ms`).toBeGreaterThan(0);
    expect(back, `after ${30_000 + more} ms`).toBeLessThan(2_000);
    socket.stop();
  }
});

test('a line that opens slowly is waited for', async () => {
  line.handshake = 2_500;
  const socket = watching();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(line.attempts).toBe(1);
  expect(line.opened).toBeGreaterThan(0);
  socket.stop();
});

test('a line that has become slow is found in the end', async () => {
  const socket = watching();
  await vi.advanceTimersByTimeAsync(8_000);
  line.handshake = 4_000;
  const back = await tunnel(20_000);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(line.opened).toBeGreaterThan(0);
  expect(back).toBeDefined();
  expect(Date.now() - line.opened).toBeLessThan(120_000);
  socket.stop();
});

test('the word that the network is back starts a new attempt in place of one that was lost', async () => {
  const socket = watching();
  await vi.advanceTimersByTimeAsync(8_000);
  line.away = true;
  await vi.advanceTimersByTimeAsync(12_000);
  const before = line.attempts;
  line.away = false;
  line.listeners.get('online')?.();
  await vi.advanceTimersByTimeAsync(350);
  expect(line.attempts).toBe(before + 1);
  expect(Date.now() - line.opened).toBeLessThan(100);
  socket.stop();
});

test('a socket of which nothing is wanted, and on which nothing is heard, is made anew within some seconds over a minute', async () => {
  const socket = new LiveSocket('wss://x/live', { event: () => {}, unit: () => {}, connection: () => {} });
  socket.start();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(line.attempts).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(line.attempts).toBe(2);
  socket.stop();
});

test('the word that the network is back, or a page that slept, makes a socket anew that seems to be open', async () => {
  const told: boolean[] = [];
  const socket = new LiveSocket('wss://x/live', { event: () => {}, unit: () => {}, connection: (open) => told.push(open) });
  socket.start();
  await vi.advanceTimersByTimeAsync(10_000);
  line.listeners.get('online')!();
  await vi.advanceTimersByTimeAsync(1_000);
  expect([line.attempts, told]).toEqual([2, [true, false, true]]);
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([line.attempts, told]).toEqual([3, [true, false, true, false, true]]);
  socket.stop();
});

test('a server that stays away is asked ever more rarely', () => {
  expect(backoffMs(0, 0.5)).toBeLessThan(400);
  expect(backoffMs(10, 1)).toBeLessThanOrEqual(1_200);
  expect(backoffMs(60, 0)).toBe(4_000);
  expect(openingMostMs(0, 0)).toBe(8_000);
  expect(openingMostMs(0, 100)).toBe(1_200);
  expect(openingMostMs(90, 100)).toBe(8_000);
});
