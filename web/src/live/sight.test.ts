import { expect, test } from 'vitest';
import { sightOf } from './sight';

const feed = (state: 'running' | 'waiting' | '' = 'running', trouble: '' | 'codec' = '') => ({ state, trouble });

test('a fresh picture of a running camera is live and needs no words', () => {
  expect(sightOf(feed(), 9_000_000, 'running', 9_200)).toEqual({ state: 'running', mark: 'running', age: 200, stale: false, why: '' });
});

test('an old picture of a camera that is said to run is told as stopped', () => {
  expect(sightOf(feed(), 1_000_000, 'running', 9_000)).toMatchObject({ mark: 'stalled', age: 8_000, stale: true });
});

test('a canvas without a picture has no age', () => {
  expect(sightOf(feed(), 0, 'running', 9_000)).toMatchObject({ mark: 'running', age: null, stale: true, why: 'waiting' });
});

test('the newest word of the live socket goes before the status', () => {
  expect(sightOf(feed('waiting'), 0, 'running', 0)).toMatchObject({ state: 'waiting', why: 'state' });
  expect(sightOf(feed(''), 0, undefined, 0)).toMatchObject({ state: 'connecting' });
});

test('a paused camera is paused, whatever was heard of it before', () => {
  expect(sightOf(feed('running'), 0, 'paused', 0)).toMatchObject({ state: 'paused', why: 'state' });
});

test('what the browser cannot decode is told before anything else', () => {
  expect(sightOf(feed('running', 'codec'), 0, 'running', 0).why).toBe('codec');
});
