import { afterEach, expect, test, vi } from 'vitest';
import { LATE_MOST_MS, LateClock, lateSight, lateUrl, newestMs, playsLate } from './late';

const browser = (types: string[]) => ({ canPlayType: (type: string) => (types.some((one) => type.startsWith(one)) ? ('maybe' as const) : ('' as const)) });

afterEach(() => vi.unstubAllGlobals());

test('it is the last way: only where nothing else decodes, and the browser plays it', () => {
  const knows = browser(['application/vnd.apple.mpegurl']);
  expect(playsLate(knows)).toBe(true);
  expect(playsLate(browser([]))).toBe(false);
  vi.stubGlobal('MediaSource', class {});
  expect(playsLate(knows)).toBe(false);
  vi.unstubAllGlobals();
  vi.stubGlobal('VideoDecoder', class {});
  expect(playsLate(knows)).toBe(false);
});

test('a browser without H.265 says so', () => {
  expect(lateUrl('x', 'main', browser(['video/mp4; codecs="hvc1']))).toBe('/api/v1/cameras/x/live.m3u8?stream=main');
  expect(lateUrl('x', 'sub', browser([]))).toBe('/api/v1/cameras/x/live.m3u8?stream=sub&codec=h264');
});

const LIST = '#EXTM3U\n#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:00:00.000Z\n#EXTINF:2.000000,\na\n#EXT-X-PROGRAM-DATE-TIME:2026-11-24T07:00:02.000Z\n#EXTINF:2.500000,\nb\n';
const END = Date.parse('2026-11-24T07:00:04.500Z');

test('the newest moment of a playlist is the end of its last part', () => {
  expect(newestMs(LIST)).toBe(END);
  expect(newestMs('#EXTM3U\n')).toBeNull();
});

test('when the picture was taken follows from what the browser tells, or from the playlist when the player was up to date', () => {
  const to = (end: number) => ({ length: 1, end: () => end });
  const none = { length: 0, end: () => NaN };
  const clock = new LateClock();
  const place = { currentTime: 92, seekable: none, buffered: to(96) };
  expect(clock.shown(place)).toBeNull();
  clock.note(place, END + 2_000); // one part more than the player has
  expect(clock.shown(place)).toBe(END - 2_000);
  clock.note(place, END);
  clock.note({ ...place, buffered: to(98) }, END + 4_000);
  expect(clock.shown(place)).toBe(END - 4_000);
  expect(clock.shown({ ...place, currentTime: 93 })).toBe(END - 3_000);
  expect(clock.shown({ ...place, getStartDate: () => new Date(1_000_000) })).toBe(1_092_000);
  expect(clock.shown({ ...place, getStartDate: () => new Date(NaN) })).toBe(END - 4_000);
  expect(clock.shown({ ...place, currentTime: 0 })).toBeNull();
  for (let n = 0; n < 10; n++) clock.note(place, END + 60_000); // behind a hole in the film
  expect(clock.shown(place)).toBe(END + 56_000);
});

test('a picture of some seconds ago is shown as it is, one that stands still is told', () => {
  expect(lateSight(1_000_000, 'running', 1_012_000)).toMatchObject({ age: 12_000, stale: false, mark: 'running', why: '' });
  expect(lateSight(1_000_000, 'running', 1_000_001 + LATE_MOST_MS)).toMatchObject({ stale: true, mark: 'stalled' });
  expect(lateSight(null, 'running', 5)).toMatchObject({ age: null, why: 'waiting' });
  expect(lateSight(null, 'paused', 5)).toMatchObject({ why: 'state', mark: 'paused' });
});
