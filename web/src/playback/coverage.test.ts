import { expect, test } from 'vitest';
import { CoverageStore, PIECE_MS, missing, nearestFootage, nextFootage } from './coverage';

const iso = (ms: number) => new Date(ms).toISOString();
const MINUTE = 60_000;

function store(now: () => number) {
  const asked: [number, number][] = [];
  const made = new CoverageStore(async (from, to) => {
    asked.push([from, to]);
    return {
      spans: [{ from: iso(from), to: iso(to - MINUTE) }],
      gaps: [{ from: iso(to - MINUTE), to: iso(to), cause: 'paused' }],
    };
  }, now);
  return { made, asked };
}

test('what is known is not asked for again', async () => {
  const { made, asked } = store(() => 100 * PIECE_MS);
  await made.load(10, PIECE_MS * 2 - 10);
  await made.load(10, PIECE_MS);
  expect(asked).toEqual([[0, 2 * PIECE_MS]]);
  await made.load(10, PIECE_MS * 3 - 10);
  expect(asked[1]).toEqual([2 * PIECE_MS, 3 * PIECE_MS]);
});

test('the present is asked for again, the future never', async () => {
  let now = PIECE_MS + 5 * MINUTE;
  const { made, asked } = store(() => now);
  await made.load(PIECE_MS, 5 * PIECE_MS);
  expect(asked).toEqual([[PIECE_MS, now]]);
  now += 10_000;
  await made.load(PIECE_MS, 5 * PIECE_MS);
  expect(asked).toHaveLength(2);
});

test('a span that was cut at the edge of a piece is one again', async () => {
  const { made } = store(() => 100 * PIECE_MS);
  await made.load(0, 2 * PIECE_MS);
  expect(made.spans(0, 2 * PIECE_MS)).toEqual([{ from: 0, to: 2 * PIECE_MS - MINUTE }]);
  expect(made.gaps(0, 2 * PIECE_MS)).toEqual([{ from: 2 * PIECE_MS - MINUTE, to: 2 * PIECE_MS, cause: 'paused' }]);
});

test('what is asked about is cut to the question', async () => {
  const { made } = store(() => 100 * PIECE_MS);
  await made.load(0, PIECE_MS);
  expect(made.spans(MINUTE, 2 * MINUTE)).toEqual([{ from: MINUTE, to: 2 * MINUTE }]);
});

test('a failed question may be asked again', async () => {
  let fail = true;
  const made = new CoverageStore(async () => {
    if (fail) throw new Error('no');
    return { spans: [], gaps: [] };
  }, () => 100 * PIECE_MS);
  await expect(made.load(0, 10)).rejects.toThrow('no');
  fail = false;
  expect(await made.load(0, 10)).toBe(true);
});

test('a jump into a gap goes on to the next footage', () => {
  const spans = [{ from: 0, to: 10 }, { from: 20, to: 30 }];
  expect(nextFootage(spans, 5)).toBe(5);
  expect(nextFootage(spans, 12)).toBe(20);
  expect(nextFootage(spans, 30)).toBeNull();
});

test('what is missing in a cut is summed by cause', () => {
  const gaps = [
    { from: 0, to: 10, cause: 'paused' },
    { from: 20, to: 50, cause: 'camera-offline' },
    { from: 60, to: 70, cause: 'paused' },
  ];
  expect(missing(gaps, 5, 65)).toEqual([{ cause: 'camera-offline', ms: 30 }, { cause: 'paused', ms: 10 }]);
  expect(missing(gaps, 10, 20)).toEqual([]);
});

test('the nearest footage may lie before or after', () => {
  const spans = [{ from: 0, to: 10_000 }, { from: 60_000, to: 90_000 }];
  expect(nearestFootage(spans, 20_000)).toBe(8_000);
  expect(nearestFootage(spans, 50_000)).toBe(60_000);
  expect(nearestFootage(spans, 70_000)).toBe(70_000);
  expect(nearestFootage([], 70_000)).toBeNull();
});
