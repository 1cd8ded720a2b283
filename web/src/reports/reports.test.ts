import { expect, test } from 'vitest';
import type { Camera, Location, Report } from '../api/types';
import { parseEvent } from '../live/message';
import { addressOf, camerasNear, filterOf, grouped, heldMore, playbackOf, reasonSpan } from './reports';
import { ReportNewsList } from './report-news.svelte';

function report(id: string, change: Partial<Report> = {}): Report {
  const times = { told_at: '2026-11-29T02:00:00.000Z', from: '2026-11-29T01:45:00.000Z', to: '2026-11-29T02:00:00.000Z' };
  return { id, number: `2026-00000${id}`, kind: 'fight', source: 'resident', state: 'new', text: '', attachments: [], minutes_open: 1, hold_waits: false, ...times, ...change } as Report;
}

const location = (id: string, latitude: number): Location => ({ id, name: id, village: '', kind: 'other', latitude, longitude: 105, locked: false });
const camera = (id: string, at: string) => ({ id, name: id, location: at }) as Camera;
const LOCATIONS = [location('market', 21), location('bridge', 21.002), location('far', 21.1), location('nowhere', 0)];
LOCATIONS[3]!.longitude = 0;
const CAMERAS = [camera('f', 'far'), camera('b', 'bridge'), camera('n', 'nowhere'), camera('m', 'market'), camera('m2', 'market')];

test('the address of the list holds what is shown, and nothing that nobody knows', () => {
  for (const address of ['/reports', '/reports?show=over', '/reports?show=mine&kind=fire']) expect(addressOf(filterOf(new URL(address, 'http://x').searchParams))).toBe(address);
  expect(filterOf(new URLSearchParams('show=x&kind=y'))).toEqual({ show: 'open', kind: '' });
});

test('cameras that are held since a place was corrected are counted once', () => {
  const hold = (one: string) => ({ camera: one, from: '', to: '', until: '' });
  const before = { holds: [hold('m'), hold('m2')] };
  expect(heldMore(before, before)).toBe(0);
  expect(heldMore(before, { holds: [...before.holds, hold('b'), hold('b'), hold('m')] })).toBe(2);
});

test('what waits longest stands first, what goes on behind it', () => {
  const list = [report('3', { told_at: '2026-11-29T03:00:00.000Z' }), report('2', { state: 'taken' }), report('1'), report('0', { state: 'answered' })];
  expect(grouped(list).map(({ group, reports }) => [group, ...reports.map(({ id }) => id)])).toEqual([
    ['waiting', '1', '3'],
    ['taken', '2'],
    ['over', '0'],
  ]);
});

test('the cameras of its location come first, then the nearest; none that is far away or has no place', () => {
  const near = (change: Partial<Report>, most = 9) => camerasNear(report('1', change), CAMERAS, LOCATIONS, most).map(({ id }) => id);
  expect(near({ location: 'market' })).toEqual(['m', 'm2', 'b']);
  expect(near({ place: { lat: 21.0019, lon: 105 } })).toEqual(['b', 'm', 'm2']);
  expect(near({ location: 'market', camera: 'f' }, 2)).toEqual(['f', 'm']);
  expect(near({ where: 'by the banyan' })).toEqual([]);
});

test('it is played back from its beginning; a short time comes ready to be cut, a long one does not', () => {
  expect(playbackOf(report('1'), [{ id: 'a' }, { id: 'b' }])).toBe('/playback/a,b?at=2026-11-29T01%3A45%3A00.000Z&to=2026-11-29T02%3A00%3A00.000Z');
  expect(playbackOf(report('1', { from: '2026-11-28T22:00:00.000Z' }), [{ id: 'a' }])).toBe('/playback/a?at=2026-11-28T22%3A00%3A00.000Z');
  const span = reasonSpan(report('1'), 'Asia/Ho_Chi_Minh');
  expect(new Date(span.from).toISOString()).toBe('2026-11-28T16:55:00.000Z');
  expect(new Date(span.to).toISOString()).toBe('2026-11-29T17:15:00.000Z');
});

const message = (change = {}) => JSON.stringify({ op: 'report', id: '1', number: '2026-000001', kind: 'fight', location: 'market', state: 'new', ...change });

test('a new report is shown until somebody has taken it, each once; one of my own is not told to me', () => {
  const news = new ReportNewsList();
  const take = (change = {}) => {
    const event = parseEvent(message(change));
    if (event?.op !== 'report') throw new Error('it is not read');
    return news.take(event);
  };
  expect(take()).toBe(true);
  expect(take()).toBe(false);
  expect(news.waiting.map(({ number }) => number)).toEqual(['2026-000001']);
  expect(take({ state: 'taken' })).toBe(false);
  expect(news.waiting).toEqual([]);
  news.own('2');
  expect(take({ id: '2' })).toBe(false);
  expect(news.waiting).toEqual([]);
  expect(news.count).toBe(4);
  news.hold(); // told over the socket before the answer is here
  expect(take({ id: '3' })).toBe(false);
  news.own('3');
  expect(news.release().map((one) => news.take(one))).toEqual([false]);
  expect(news.waiting).toEqual([]);
});

test('one that was taken and not answered is told by who has it, until it is', () => {
  const news = new ReportNewsList();
  const take = (change: object) => {
    const event = parseEvent(message(change));
    if (event?.op !== 'report') throw new Error('it is not read');
    return news.take(event);
  };
  expect(take({ rises: true, state: 'taken', taken_by: 'Công an A' })).toBe(true);
  expect(news.waiting[0]?.taken_by).toBe('Công an A');
  expect(take({ rises: false, state: 'answered' })).toBe(false);
  expect(news.waiting).toEqual([]);
});

test('one that nobody took for long is told again, to who is asked to look', () => {
  const news = new ReportNewsList();
  const event = parseEvent(message({ rises: true }));
  if (event?.op !== 'report') throw new Error('it is not read');
  news.dismiss();
  expect(news.take(event)).toBe(true);
  expect(news.waiting[0]?.rises).toBe(true);
});
