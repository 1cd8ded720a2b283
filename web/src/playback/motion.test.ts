import { expect, test, vi } from 'vitest';
import { access } from '../access/access';
import type { Me } from '../api/types';
import { serverClock } from '../time/server-clock';
import { askMotion, findMotion, showsMotion } from './motion';

const nothing = { unknown: [], seen_fully: 0, seen_sparsely: 0, cells: 576, blind: [] };
const span = (from: string, to: string) => ({ from: `2026-11-24T${from}Z`, to: `2026-11-24T${to}Z` });

test('what does not fit into one answer is asked for until the end', async () => {
  const asked: string[] = [];
  const ask = askMotion('c', { left: 0, top: 0, right: 0.5, bottom: 1 }, async (query) => {
    asked.push(query);
    return asked.length === 1
      ? { ...nothing, moved: [span('07:00:00', '07:00:09')], next: '2026-11-24T08:00:00.000Z' }
      : { ...nothing, moved: [span('08:30:00', '08:30:05')], next: null };
  });
  const { spans, gaps } = await ask(Date.parse('2026-11-24T06:00:00Z'), Date.parse('2026-11-24T12:00:00Z'));
  expect(spans).toEqual([span('07:00:00', '07:00:09'), span('08:30:00', '08:30:05')]);
  expect(gaps).toEqual([]);
  expect(asked[0]).toContain('from=2026-11-24T06:00:00.000Z');
  expect(asked[0]).toContain('&region=0.000,0.000,0.500,1.000');
  expect(asked[1]).toContain('from=2026-11-24T08:00:00.000Z');
});

test('a month is not asked for', () => {
  expect(showsMotion({ from: 0, to: 86_400_000 })).toBe(true);
  expect(showsMotion({ from: 0, to: 30 * 86_400_000 })).toBe(false);
});

const HOUR = 3_600_000;
const moment = (ms: number) => new Date(ms).toISOString();
const moved = (...begins: number[]) => ({ spans: begins.map((from) => ({ from: moment(from), to: moment(from + 5_000) })), gaps: [] });

const always = () => Promise.resolve(true);

test('the movement after a moment is the next that begins, not the one that is shown', async () => {
  const ask = async () => moved(0, 60_000, 120_000);
  expect(await findMotion('c', 0, 'after', HOUR, null, always, ask)).toBe(59_000);
});

test('the movement before a moment is looked for further and further back', async () => {
  const now = 100 * 24 * HOUR;
  const asked: [number, number][] = [];
  const ask = async (from: number, to: number) => (asked.push([from, to]) === 2 ? moved(now - 50 * HOUR, now - 40 * HOUR) : moved());
  expect(await findMotion('c', now, 'before', now, null, always, ask)).toBe(now - 40 * HOUR - 1_000);
  expect(asked).toEqual([[now - 6 * HOUR, now], [now - 72 * HOUR, now - 6 * HOUR]]);
});

test('the future is not asked about, and a month without movement is told', async () => {
  const asked: number[] = [];
  const ask = async (_from: number, to: number) => (asked.push(to), moved());
  expect(await findMotion('c', 0, 'after', HOUR, null, always, ask)).toBeNull();
  expect(asked).toEqual([HOUR]);
});

test('older movement is looked for once a reason was told, what is young before it is asked', async () => {
  const now = Date.parse('2026-11-29T03:00:00Z');
  vi.spyOn(serverClock, 'now').mockReturnValue(now);
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ grant: 'g', expires: moment(now + 8 * HOUR) }, { status: 201 })));
  access.enter({ id: 'lan', site: { reason_after_s: 900 } } as Me);
  const asked: [number, number][] = [];
  const ask = async (from: number, to: number) => (asked.push([from, to]), moved(...[now - 600_000, now - 5 * HOUR].filter((one) => one > from && one < to)));
  const wanted: unknown[] = [];
  const refuse = (span: unknown) => (wanted.push(span), Promise.resolve(false));
  expect(await findMotion('c', now, 'before', now, null, refuse, ask)).toBe(now - 601_000);
  expect(wanted).toEqual([]);
  expect(await findMotion('c', now - 700_000, 'before', now, null, refuse, ask)).toBe('closed');
  expect(asked.every(([from]) => from > now - 900_000)).toBe(true);
  expect(wanted).toEqual([{ from: now - 700_000 - 30 * 24 * HOUR, to: now - 700_000 }]);
  const tell = (span: { from: number; to: number }) => access.tell(['c'], span, { reason: 'training' }).then(() => true);
  expect(await findMotion('c', now - 700_000, 'before', now, null, tell, ask)).toBe(now - 5 * HOUR - 1_000);
  const queries: string[] = [];
  await askMotion('c', null, async (query) => (queries.push(query), { ...nothing, moved: [], next: null }))(now - HOUR, now - 1_800_000);
  expect(queries[0]).toContain('&grant=g');
  access.enter({ id: 'lan', site: { reason_after_s: 0 } } as Me);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
