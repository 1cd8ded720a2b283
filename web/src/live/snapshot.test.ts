import { expect, test } from 'vitest';
import { Problem } from '../api/client';
import { texts, t } from '../texts/texts.svelte';
import { whyNoSnapshot } from './snapshot';

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
