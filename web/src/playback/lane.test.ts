import { afterEach, expect, it, vi } from 'vitest';
import { Lane } from './lane.svelte';
import type { PlayerListener } from './player';

const film = vi.hoisted(() => ({ listener: null as PlayerListener | null, loads: [] as number[], jumps: [] as number[], able: true, goesOn: null as number | null }));
vi.mock('./player', () => ({
  Player: class {
    constructor(_video: unknown, _camera: unknown, listener: PlayerListener) {
      film.listener = listener;
    }
    jump(ms: number) {
      film.jumps.push(ms);
    }
    run() {}
    destroy() {}
    parts() {
      return [];
    }
    now() {
      return 5_000;
    }
    get able() {
      return film.able;
    }
    goesOn() {
      return film.goesOn;
    }
    covers() {
      return 'yes';
    }
    load(ms: number) {
      film.loads.push(ms);
      film.listener?.state('loading', 0);
    }
  },
}));

function shownLane(): { lane: Lane; listener: PlayerListener } {
  const lane = new Lane('bridge');
  lane.attach({} as HTMLVideoElement, {} as HTMLCanvasElement, 5_000);
  Object.assign(film, { loads: [], jumps: [], able: true, goesOn: null });
  return { lane, listener: film.listener! };
}

afterEach(() => void vi.useRealTimers());

it('while the server makes no film for this viewer single pictures stand for it, and it is asked again', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { lane, listener } = shownLane();
  listener.state('limit', 503);
  expect([lane.singlePictures, lane.follow(5_000, true, 1, false)]).toEqual([true, 'free']);
  vi.advanceTimersByTime(9_000);
  lane.follow(14_000, true, 1, false);
  expect(film.loads).toEqual([]);
  vi.advanceTimersByTime(2_000);
  lane.follow(16_000, true, 1, false);
  lane.follow(16_040, true, 1, false);
  expect([film.loads, lane.state]).toEqual([[16_000], 'limit']);
  listener.state('ready', 200);
  expect(lane.follow(16_080, true, 1, false)).not.toBe('free');
});

it('a film that the server makes runs up to ×2, and goes by its key pictures from there', () => {
  const { lane, listener } = shownLane();
  listener.state('ready', 200);
  lane.follow(5_000, true, 4, false);
  expect(lane.fast).toBe(false);
  listener.made(true);
  lane.follow(5_000, true, 2, false);
  expect(lane.fast).toBe(false);
  expect(lane.follow(5_000, true, 4, false)).toBe('free');
  expect(lane.fast).toBe(true);
});

it('a lane that is shifted tells the next footage by the common clock', () => {
  const lane = new Lane('bridge');
  lane.spans = [
    { from: 100_000, to: 160_000 },
    { from: 200_000, to: 260_000 },
  ];
  expect(lane.nextInSight(150_000)).toBe(150_000);
  lane.shift = 30_000;
  expect(lane.nextInSight(150_000)).toBe(170_000);
  expect(lane.next(110_000)).toBe(110_000);
  lane.shift = -30_000;
  expect(lane.nextInSight(120_000)).toBe(130_000);
  expect(lane.nextInSight(290_000)).toBeNull();
});

it('tells why there is no footage of a moment of its own clock', () => {
  const { lane } = shownLane();
  lane.gaps = [{ from: 10_000, to: 20_000, cause: 'camera-offline' }];
  expect([lane.causeAt(9_999), lane.causeAt(10_000), lane.causeAt(20_000)]).toEqual(['', 'camera-offline', '']);
  lane.shift = 4_000;
  expect([lane.causeAt(6_000), lane.causeAt(16_000)]).toEqual(['camera-offline', '']);
});

it('where pictures are missing in what was loaded it holds the others up for two seconds, and goes on behind them', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { lane, listener } = shownLane();
  listener.state('ready', 200);
  Object.assign(film, { able: false, goesOn: 7_000 });
  expect(lane.follow(5_000, true, 1, false)).toBe('wait');
  expect([lane.next(5_000), film.jumps]).toEqual([7_000, []]);
  vi.advanceTimersByTime(2_100);
  expect(lane.follow(5_100, true, 1, false)).toBe('none');
  expect(film.jumps).toEqual([]);
  expect(lane.follow(7_010, true, 1, false)).toBe('wait');
  expect(film.jumps).toEqual([7_010]);
  Object.assign(film, { able: true, goesOn: null });
  expect(lane.follow(7_020, true, 1, false)).not.toBe('none');
  expect(lane.next(7_020)).toBeNull();
});

it('what is not loaded yet is waited for as long as it takes', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { lane, listener } = shownLane();
  listener.state('ready', 200);
  film.able = false;
  for (let i = 0; i < 3; i++) {
    expect(lane.follow(5_000, true, 1, false)).toBe('wait');
    vi.advanceTimersByTime(3_000);
  }
});
