import { expect, test, vi } from 'vitest';
import { Problem } from '../api/client';
import { texts, t } from '../texts/texts.svelte';
import type { Picture } from './decoder';
import { showStill, takeSnapshot, whyNoSnapshot } from './snapshot';

texts.language = 'vi';
const busy = new Problem(503, 'Service Unavailable', '');

test('no picture of a camera that sends none: the camera is named as the cause, not the server', () => {
  expect(whyNoSnapshot(busy, 'waiting')).toBe(t('live.noPicture'));
  expect(whyNoSnapshot(busy, 'paused')).toBe(t('live.noPicture'));
});

test('no picture of a camera that runs: the server is busy', () => {
  expect(whyNoSnapshot(busy, 'running')).toBe(t('problem.503'));
});

test('a line that is down is told as such, whatever the camera does', () => {
  expect(whyNoSnapshot(new Problem(0, '', ''), 'waiting')).toBe(t('problem.0'));
});

test('a picture that comes when another camera is looked at already is shown on the feed of its own', async () => {
  let answer = (_: Response) => {};
  vi.stubGlobal('fetch', () => new Promise<Response>((resolve) => (answer = resolve)));
  vi.stubGlobal('createImageBitmap', async () => ({ width: 2, height: 1, close: () => {} }));
  const shown: string[] = [];
  const feeds = { a: { show: (_: Picture) => void shown.push('a') }, b: { show: (_: Picture) => void shown.push('b') } };
  let looked: 'a' | 'b' = 'a';
  const under = showStill(looked, feeds[looked]);
  looked = 'b';
  answer(new Response('jpeg', { headers: { 'Footage-Time': '2026-11-24T14:00:00Z' } }));
  await under;
  expect(shown).toEqual(['a']);
  vi.unstubAllGlobals();
});

test('a line on which nothing comes any more ends the wait, before and behind the first byte', async () => {
  vi.useFakeTimers();
  const silent = (_: string, { signal }: RequestInit) => new Promise<Response>((_resolve, reject) => signal!.addEventListener('abort', () => reject(new Error('aborted'))));
  const half = async (_: string, { signal }: RequestInit) => new Response(new ReadableStream({ start: (out) => signal!.addEventListener('abort', () => out.error(new Error('aborted'))) }));
  for (const fetch of [silent, half]) {
    vi.stubGlobal('fetch', fetch);
    const fails = expect(takeSnapshot('a')).rejects.toMatchObject({ status: 0 });
    await vi.advanceTimersByTimeAsync(15_000);
    await fails;
  }
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
