import { expect, test } from 'vitest';
import { parseEvent } from '../live/message';
import { withTrouble, type Trouble } from './troubles.svelte';

function trouble(id: string, change: Partial<Trouble> = {}): Trouble {
  return { id, camera: 'c', name: 'Cổng chợ', kind: 'not-recorded', from: '2026-11-28T13:00:00.000Z', to: null, detail: null, ...change };
}

test('a trouble is shown until it is over', () => {
  const begun = withTrouble([], trouble('1'));
  expect(begun.map(({ id }) => id)).toEqual(['1']);
  expect(withTrouble(begun, trouble('1', { to: '2026-11-28T13:05:00.000Z' }))).toEqual([]);
});

test('what is told twice is shown once', () => {
  expect(withTrouble(withTrouble([], trouble('1')), trouble('1')).length).toBe(1);
});

test('the disk of all cameras comes before one camera, and older trouble before newer', () => {
  let list = withTrouble([], trouble('late', { from: '2026-11-28T14:00:00.000Z' }));
  list = withTrouble(list, trouble('black', { kind: 'black' }));
  list = withTrouble(list, trouble('early'));
  list = withTrouble(list, trouble('disk', { kind: 'storage', camera: null, name: null, from: '2026-11-28T15:00:00.000Z' }));
  expect(list.map(({ id }) => id)).toEqual(['disk', 'early', 'late', 'black']);
});

test('the end of one that was never seen changes nothing', () => {
  expect(withTrouble([trouble('1')], trouble('2', { to: '2026-11-28T13:05:00.000Z' })).map(({ id }) => id)).toEqual(['1']);
});

test('the message of the server itself names no camera', () => {
  const text = JSON.stringify({ op: 'event', ...trouble('1', { camera: null, name: null, kind: 'storage' }) });
  expect(parseEvent(text)).toMatchObject({ op: 'event', camera: null, kind: 'storage' });
  expect(parseEvent('{"op":"state","camera":null}')).toBeNull();
});
