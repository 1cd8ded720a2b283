import { expect, test } from 'vitest';
import type { Camera, Location, NearCamera } from '../api/types';
import { parseEvent } from '../live/message';
import { addressOf, concerns, isOver, nextStates, OPEN_STATES, OVER_STATES, ownFirst, pressingFirst, queryOf, releaseBar, showOf, SHOWS, wantedOf } from './cases';
import { afterCase, around, camerasFor, caseOf, chosenNear, findAddress, footageAddress } from './find';
import { CaseNewsList } from './news.svelte';
import type { Case } from './types';
import { dueText, footageText, minutesText } from './words';

const ZONE = 'Asia/Ho_Chi_Minh';

function some(number: string, change: Partial<Case> = {}): Case {
  const times = { from: '2026-11-29T14:00:00.000Z', to: '2026-11-29T14:30:00.000Z', opened_at: '2026-11-29T14:31:00.000Z', state_at: '2026-11-29T14:31:00.000Z' };
  return { id: number, number, kind: 'fight', state: 'new', overdue: false, opened_by: 'minh', revision: 1, reports: [], counts: { reports: 0, items: 0, holds: 0 }, ...times, ...change };
}

test('the address of the list holds what is shown, and nothing that nobody knows', () => {
  for (const show of SHOWS) expect(showOf(new URL(addressOf(show), 'http://x').searchParams)).toBe(show);
  expect(showOf(new URLSearchParams('show=x'))).toBe('open');
});

test('each list asks the server for its own cases', () => {
  expect(queryOf('mine')).toEqual({ state: OPEN_STATES.join(), assignee: 'me', overdue: undefined });
  expect(queryOf('none').assignee).toBe('none');
  expect(queryOf('overdue').overdue).toBe('true');
  expect(queryOf('over').state).toBe('closed,rejected,transferred');
});

test('late cases stand first, the longest due before all', () => {
  const list = [some('4'), some('3', { overdue: true, due: '2026-11-29T15:00:00.000Z' }), some('2'), some('1', { overdue: true, due: '2026-11-29T14:00:00.000Z' })];
  expect(pressingFirst(list).map(({ number }) => number)).toEqual(['1', '3', '4', '2']);
});

test('only what can follow is offered, and what is over can be opened again only', () => {
  expect(nextStates('new')).not.toContain('closed');
  expect(nextStates('decided')).toEqual(['closed', 'reopened']);
  for (const state of OVER_STATES) expect(nextStates(state)).toEqual(['reopened']);
  expect(OPEN_STATES.some((state) => isOver({ state }))).toBe(false);
});

test('each step asks for its words', () => {
  expect(wantedOf('searching')).toBe('nothing');
  expect(wantedOf('decided')).toBe('outcome');
  expect(wantedOf('closed')).toBe('answer');
  for (const state of ['rejected', 'transferred', 'reopened'] as const) expect(wantedOf(state)).toBe('reason');
});

test('whoever asked for the release of a hold does not decide it, whatever the role', () => {
  expect(releaseBar({ by: 'minh' }, 'minh', true)).toBe('own');
  expect(releaseBar({ by: 'minh' }, 'lan', false)).toBe('right');
  expect(releaseBar({ by: 'minh' }, 'lan', true)).toBe('');
});

test('one chooses among one’s own cases first', () => {
  const list = [some('2', { assignee: { id: 'b', name: 'lan' } }), some('1', { assignee: { id: 'a', name: 'minh' } }), some('0')];
  expect(ownFirst(list, 'a').map(({ number }) => number)).toEqual(['1', '2', '0']);
});

test('a late case is told to who has it and to those who command, once, and no more when it was looked at', () => {
  const late = parseEvent('{"op":"case","id":"1","number":"VV-2026-0001","state":"new","assignee":"minh","overdue":true}');
  if (late?.op !== 'case') throw new Error('it is not read');
  expect([concerns(late, 'minh', false), concerns(late, 'lan', false), concerns(late, 'lan', true)]).toEqual([true, false, true]);
  const news = new CaseNewsList();
  news.take(late);
  news.take(late);
  expect(news.late.length).toBe(1);
  expect(news.count).toBe(2);
  news.take({ ...late, overdue: false });
  expect(news.late).toEqual([]);
});

const near = (camera: string, distance_m: number, sees: boolean | null = null): NearCamera => ({ camera, distance_m, bearing_deg: 0, sees, shows: null });

test('cameras that see the place or stand near are opened; where none does, the nearest all the same', () => {
  expect(chosenNear([near('a', 900, true), near('b', 100), near('c', 500)], 9)).toEqual(['a', 'b']);
  expect(chosenNear([near('c', 500), near('d', 800)], 1)).toEqual(['c']);
});

test('a case that nobody can place opens the cameras of its location', async () => {
  const nowhere = { id: 'n', latitude: 0, longitude: 0 } as Location;
  const cameras = [{ id: 'x', location: 'm' }, { id: 'y', location: 'n' }] as Camera[];
  expect(await camerasFor({ location: 'n' }, cameras, [nowhere], 4)).toEqual(['y']);
  expect(await camerasFor({}, cameras, [nowhere], 4)).toEqual([]);
});

test('playback knows for which case it was opened, and keeps it with other cameras', () => {
  const address = findAddress({ number: 'VV-2026-0042' }, ['a', 'b'], '2026-11-29T14:00:00.000Z');
  expect(address).toBe('/playback/a,b?at=2026-11-29T14%3A00%3A00.000Z&case=VV-2026-0042');
  expect(caseOf(new URL(address, 'http://x').searchParams)).toBe('VV-2026-0042');
  expect(caseOf(new URL(afterCase('/playback/c?at=1', 'VV-2026-0042'), 'http://x').searchParams)).toBe('VV-2026-0042');
  expect(afterCase('/traces/t', 'VV-2026-0042')).toBe('/traces/t?case=VV-2026-0042');
  expect(afterCase('/playback/c?at=1', '')).toBe('/playback/c?at=1');
  const footage = footageAddress({ number: 'VV-2026-0042' }, { camera: 'a', from: '2026-11-29T14:00:00.000Z', to: '2026-11-29T14:02:00.000Z' });
  expect(new URL(footage, 'http://x').searchParams.get('to')).toBe('2026-11-29T14:02:00.000Z');
});

test('a minute around a moment ends where recording is', () => {
  expect(around(1_000_000, 5_000_000)).toEqual({ from: 940_000, to: 1_060_000 });
  expect(around(1_000_000, 1_010_000)).toEqual({ from: 940_000, to: 1_010_000 });
});

test('times of cases are told in words', () => {
  const now = Date.parse('2026-11-29T15:00:00.000Z');
  expect(dueText({ due: '2026-11-29T15:20:00.000Z', overdue: false }, now)).toBe('Còn 20 phút');
  expect(dueText({ due: '2026-11-29T14:20:00.000Z', overdue: true }, now)).toBe('Quá hạn 40 phút');
  expect(dueText({ overdue: false }, now)).toBe('');
  expect(minutesText(0)).toBe('chưa đầy một phút');
  expect(minutesText(7)).toBe('7 phút');
  expect(footageText('2026-11-29T14:04:10.000Z', '2026-11-29T14:06:10.000Z', ZONE)).toBe('29/11 21:04:10 → 21:06:10');
  expect(footageText('2026-11-29T16:59:00.000Z', '2026-11-29T17:01:00.000Z', ZONE)).toBe('29/11 23:59:00 → 30/11 00:01:00');
});
