import { expect, test } from 'vitest';
import { askMotion, showsMotion } from './motion';

const nothing = { unknown: [], seen_fully: 0, seen_sparsely: 0, cells: 576, blind: [] };
const span = (from: string, to: string) => ({ from: `2026-11-24T${from}Z`, to: `2026-11-24T${to}Z` });

test('what does not fit into one answer is asked for until the end', async () => {
  const asked: string[] = [];
  const ask = askMotion('c', async (query) => {
    asked.push(query);
    return asked.length === 1
      ? { ...nothing, moved: [span('07:00:00', '07:00:09')], next: '2026-11-24T08:00:00.000Z' }
      : { ...nothing, moved: [span('08:30:00', '08:30:05')], next: null };
  });
  const { spans, gaps } = await ask(Date.parse('2026-11-24T06:00:00Z'), Date.parse('2026-11-24T12:00:00Z'));
  expect(spans).toEqual([span('07:00:00', '07:00:09'), span('08:30:00', '08:30:05')]);
  expect(gaps).toEqual([]);
  expect(asked[0]).toContain('from=2026-11-24T06:00:00.000Z');
  expect(asked[1]).toContain('from=2026-11-24T08:00:00.000Z');
});

test('a month is not asked for', () => {
  expect(showsMotion({ from: 0, to: 86_400_000 })).toBe(true);
  expect(showsMotion({ from: 0, to: 30 * 86_400_000 })).toBe(false);
});
