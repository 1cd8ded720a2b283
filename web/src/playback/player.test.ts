import { beforeEach, expect, it, vi } from 'vitest';
import { serverClock } from '../time/server-clock';
import { Player, type PlayerState } from './player';

/** hls.js as far as a player sees it: what was asked of the last one, and a way to let things happen to it. */
const film = vi.hoisted(() => ({ urls: [] as string[], tell: (_event: string, _data: object) => {} }));
vi.mock('hls.js/light', () => {
  class Hls {
    static DefaultConfig = { loader: class {} };
    static isSupported = () => true;
    private readonly heard: Record<string, (event: string, data: object) => void> = {};
    media: unknown = null;
    latestLevelDetails: object | null = null;
    constructor() {
      film.tell = (event, data) => {
        if ('details' in data && typeof data.details === 'object') this.latestLevelDetails = data.details;
        this.heard[event]?.(event, data);
      };
    }
    on(event: string, listener: (event: string, data: object) => void) {
      this.heard[event] = listener;
    }
    attachMedia(media: unknown) {
      this.media = media;
    }
    loadSource(url: string) {
      film.urls.push(url);
    }
    startLoad() {}
    stopLoad() {}
    destroy() {}
  }
  return { default: Hls, Events: { LEVEL_LOADED: 'loaded', ERROR: 'error' }, ErrorTypes: { MEDIA_ERROR: 'media' }, ErrorDetails: { MANIFEST_LOAD_ERROR: 'manifest', BUFFER_ADD_CODEC_ERROR: 'codec' } };
});

const AT = Date.parse('2026-03-02T07:00:00Z');
const PARTS = { details: { fragments: [{ programDateTime: AT - 4_000, start: 0, duration: 600, url: '/a.mp4' }] } };

let states: [PlayerState, number][];
let video: { currentTime: number };
let player: Player;

/** A film that runs at `AT`. */
beforeEach(() => {
  states = [];
  film.urls = [];
  video = { currentTime: 0 };
  Object.assign(video, { addEventListener() {}, canPlayType: () => 'probably', readyState: 4 });
  player = new Player(video as unknown as HTMLVideoElement, 'bridge', { state: (is, status) => states.push([is, status]), made: () => {} });
  player.jump(AT);
  film.tell('loaded', PARTS);
});

it('a jump within what is loaded loads nothing', () => {
  player.jump(AT + 60_000);
  expect([film.urls.length, video.currentTime]).toEqual([1, 64]);
});

it('behind a line that broke the next jump, to the same moment too, loads anew what went on no more', () => {
  film.tell('error', { fatal: true, details: 'fragLoadError', response: { code: 0 } });
  expect(states.at(-1)).toEqual(['error', 0]);
  player.jump(AT);
  expect([film.urls.length, states.at(-1)]).toEqual([2, ['loading', 0]]);
  film.tell('loaded', PARTS);
  player.jump(AT + 60_000);
  expect([film.urls.length, states.at(-1)]).toEqual([2, ['ready', 200]]);
});

it('so does one behind a reason whose time ran out, or a server that makes no more film for this viewer', () => {
  film.tell('error', { fatal: true, details: 'fragLoadError', response: { code: 403 } });
  player.jump(AT);
  expect(film.urls).toHaveLength(2);
  film.tell('loaded', { details: { fragments: [{ programDateTime: AT - 4_000, start: 0, duration: 600, url: '/api/v1/cameras/bridge/h264/a.mp4?part=7' }] } });
  film.tell('error', { fatal: false, details: 'fragLoadError', response: { code: 503 } });
  expect(states.at(-1)).toEqual(['limit', 503]);
  player.jump(AT);
  expect([film.urls.length, states.at(-1)]).toEqual([3, ['loading', 0]]);
});

it('what is loaded goes on after trouble that hls.js mends by itself', () => {
  film.tell('error', { fatal: false, details: 'fragLoadError', response: { code: 0 } });
  player.jump(AT);
  expect(film.urls).toHaveLength(1);
});

it('a list that ends where its sound does is gone on with from there, whenever it comes to its end', () => {
  const list = (live: boolean) => ({ details: { live, fragments: [{ programDateTime: AT - 4_000, start: 0, duration: 20, url: '/a.mp4' }] } });
  player.load(AT);
  film.tell('loaded', list(true));
  expect(player.covers(AT + 17_000)).not.toBe('unknown');
  film.tell('loaded', list(false));
  expect(player.covers(AT + 17_000)).toBe('unknown');
  player.load(AT + 17_000);
  expect(film.urls.at(-1)).toContain(`from=${encodeURIComponent(new Date(AT + 16_001).toISOString())}`);
});

it('what is asked for behind the end of such a list is looked for there', () => {
  player.load(AT + 30_000);
  film.tell('loaded', { details: { live: false, fragments: [{ programDateTime: AT + 26_000, start: 0, duration: 3, url: '/a.mp4' }] } });
  expect(film.urls.at(-1)).toContain(`from=${encodeURIComponent(new Date(AT + 29_001).toISOString())}`);
  expect(states.at(-1)).toEqual(['loading', 0]);
});

function asked(): { from: number; to: number } {
  const { searchParams } = new URL(film.urls.at(-1)!, 'http://a');
  return { from: Date.parse(searchParams.get('from')!), to: Date.parse(searchParams.get('to')!) };
}

it('the group of pictures that is not over yet is asked for up to now, and what comes behind it anew', () => {
  const now = vi.spyOn(serverClock, 'now').mockReturnValue(AT + 20_000);
  player.load(AT);
  expect(asked().to).toBeGreaterThan(AT + 20_000);
  film.tell('error', { fatal: true, details: 'manifest', response: { code: 404 } });
  expect(asked()).toEqual({ from: AT - 4_000, to: AT + 19_500 });
  expect(states.at(-1)).toEqual(['loading', 0]);
  film.tell('loaded', { details: { live: false, fragments: [{ programDateTime: AT - 30_000, start: 0, duration: 49, url: '/a.mp4' }] } });
  expect([player.covers(AT), player.covers(AT + 18_000)]).toEqual(['yes', 'yes']);
  now.mockReturnValue(AT + 40_000);
  expect(player.covers(AT + 19_200)).toBe('unknown');
  player.load(AT + 19_200);
  expect(asked().to).toBeGreaterThan(AT + 40_000);
  now.mockRestore();
});

it('where there is nothing at all that is told, and what is about to be written is waited for', () => {
  const now = vi.spyOn(serverClock, 'now').mockReturnValue(AT + 20_000);
  player.load(AT);
  film.tell('error', { fatal: true, details: 'manifest', response: { code: 404 } });
  film.tell('error', { fatal: true, details: 'manifest', response: { code: 404 } });
  expect([states.at(-1), player.covers(AT)]).toEqual([['no-footage', 404], 'no']);
  player.load(AT + 18_000);
  film.tell('loaded', { details: { live: true, fragments: [{ programDateTime: AT + 10_000, start: 0, duration: 6, url: '/a.mp4' }] } });
  expect(player.covers(AT + 18_000)).not.toBe('unknown');
  now.mockRestore();
});
