import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serverClock } from '../time/server-clock';
import type { Following, Lane } from './lane.svelte';
import { PlaybackSession } from './playback-session.svelte';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** One lane of footage of an hour ago, that follows as it is told to. */
function playing(state: Lane['state'], following: () => Following) {
  const at = serverClock.now() - HOUR_MS;
  const lane = { camera: 'bridge', state, shift: 0, jump() {}, follow: following, now: () => null, next: (ms: number) => ms, nextInSight: (ms: number) => ms };
  const session = new PlaybackSession(at);
  session.lanes = [lane as unknown as Lane];
  return { session, stop: session.start(), at, lane };
}

it('a line that broke holds the clock, and what was playing goes on once it is tried again', () => {
  let following: Following = 'none';
  const { session, stop, at } = playing('error', () => following);
  vi.advanceTimersByTime(10_000);
  expect([session.playing, Math.round((session.cursor - at) / 1000)]).toEqual([true, 0]);
  following = 'free';
  vi.advanceTimersByTime(3_000);
  expect(Math.round((session.cursor - at) / 1000)).toBe(3);
  stop();
});

it('where nothing was recorded, and nothing follows, it stops', () => {
  const { session, stop } = playing('no-footage', () => 'none');
  vi.advanceTimersByTime(1_000);
  expect(session.playing).toBe(false);
  stop();
});
