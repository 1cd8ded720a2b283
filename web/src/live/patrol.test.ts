import { expect, test } from 'vitest';
import type { Camera } from '../api/types';
import { AHEAD_MS, Patrol, stepsOf, WAIT_MS } from './patrol';
import { ALL, type Place } from './wall';

const place = (id: string): Place => ({ camera: id ? ({ id } as Camera) : undefined, withheld: false });
const places = (ids: string) => ids.split('').map((id) => place(id === '-' ? '' : id));
const ids = (steps: Place[][]) => steps.map((step) => step.map(({ camera }) => camera?.id ?? '-').join(''));

test('a patrol goes from page to page and leaves out those that show nothing', () => {
  expect(ids(stepsOf(places('abcd----e'), 4))).toEqual(['abcd', 'e']);
  expect(ids(stepsOf(places('ab-c'), 1))).toEqual(['a', 'b', 'c']);
});

test('where all cameras are seen at once it goes from camera to camera', () => {
  expect(ids(stepsOf(places('abc'), ALL))).toEqual(['a', 'b', 'c']);
  expect(ids(stepsOf(places('a-b'), 4))).toEqual(['a', 'b']);
  expect(stepsOf([], 4)).toEqual([]);
});

test('each step is shown for its seconds, and after the last comes the first', () => {
  const patrol = new Patrol(2, 10, 1_000);
  expect(patrol.tick(10_999, true)).toBe(false);
  expect(patrol.progress(6_000)).toBe(0.5);
  expect(patrol.tick(11_000, true)).toBe(true);
  expect(patrol.at).toBe(1);
  expect(patrol.progress(11_000)).toBe(0);
  expect(patrol.tick(21_000, true)).toBe(true);
  expect(patrol.at).toBe(0);
});

test('the next pictures are fetched before they are due, and waited for a little', () => {
  const patrol = new Patrol(3, 10, 0);
  expect(patrol.fetches(10_000 - AHEAD_MS - 1)).toBe(false);
  expect(patrol.fetches(10_000 - AHEAD_MS)).toBe(true);
  expect(patrol.next).toBe(1);
  expect(patrol.tick(10_000, false)).toBe(false);
  expect(patrol.tick(10_000 + WAIT_MS - 1, false)).toBe(false);
  expect(patrol.tick(10_000 + WAIT_MS, false)).toBe(true);
});

test('a pause holds the step, and what was left of it is shown afterwards', () => {
  const patrol = new Patrol(2, 10, 0);
  patrol.pause(4_000);
  expect(patrol.tick(60_000, true)).toBe(false);
  expect(patrol.fetches(60_000)).toBe(false);
  expect(patrol.progress(60_000)).toBe(0.4);
  patrol.goOn(60_000);
  expect(patrol.tick(65_999, true)).toBe(false);
  expect(patrol.tick(66_000, true)).toBe(true);
});

test('a step by hand begins its seconds anew, and stays while it is paused', () => {
  const patrol = new Patrol(3, 10, 0);
  patrol.step(-1, 8_000);
  expect(patrol.at).toBe(2);
  expect(patrol.tick(17_999, true)).toBe(false);
  patrol.pause(18_000);
  patrol.step(1, 19_000);
  expect([patrol.at, patrol.progress(50_000)]).toEqual([0, 0]);
});

test('a patrol of one step stays, and one whose cameras went goes on with those that are left', () => {
  const patrol = new Patrol(1, 5, 0);
  expect(patrol.tick(60_000, true)).toBe(false);
  const other = new Patrol(5, 5, 0);
  other.step(4, 0);
  other.follow(2, 20);
  expect(other.at).toBe(0);
  expect(other.tick(19_000, true)).toBe(false);
});
