import { expect, test } from 'vitest';
import { exactSpan, spanFault, spansAt } from './spans';

const ZONE = 'Asia/Ho_Chi_Minh';
const at = (text: string) => Date.parse(`${text}+07:00`);
const words = (now: number) => spansAt(now, ZONE).map(({ word }) => word);
const span = (now: number, word: string) => {
  const found = spansAt(now, ZONE).find((one) => one.word === word)!;
  return [new Date(found.from), new Date(found.to)];
};

test('only what has come already is offered, the latest first', () => {
  expect(words(at('2026-11-29T09:30:00'))).toEqual(['just-now', 'half-hour', 'morning', 'before-morning-market', 'last-night']);
  expect(words(at('2026-11-29T02:00:00'))).toEqual(['just-now', 'half-hour', 'last-night']);
  expect(words(at('2026-11-29T20:00:00'))[2]).toBe('evening');
});

test('a word means hours of the site, and never the future', () => {
  const now = at('2026-11-29T09:30:00');
  expect(span(now, 'before-morning-market')).toEqual([new Date(at('2026-11-29T03:00:00')), new Date(at('2026-11-29T06:00:00'))]);
  expect(span(now, 'morning')).toEqual([new Date(at('2026-11-29T06:00:00')), new Date(now)]);
  expect(span(now, 'last-night')).toEqual([new Date(at('2026-11-28T21:00:00')), new Date(at('2026-11-29T05:00:00'))]);
});

test('the first night of a month began in the month before', () => {
  expect(span(at('2026-12-01T08:00:00'), 'last-night')[0]).toEqual(new Date(at('2026-11-30T21:00:00')));
});

test('a day and two times are a span, over midnight too; one time is a moment', () => {
  expect(exactSpan('2026-11-28', '23:30', '00:15', ZONE)).toEqual({ from: at('2026-11-28T23:30:00'), to: at('2026-11-29T00:15:00') });
  expect(exactSpan('2026-11-28', '09:00', '', ZONE)).toEqual({ from: at('2026-11-28T09:00:00'), to: at('2026-11-28T09:00:00') });
  expect(exactSpan('', '09:00', '10:00', ZONE)).toBeNull();
});

test('what the server would refuse is said before it is sent', () => {
  const now = at('2026-11-29T09:30:00');
  const day = 86_400_000;
  expect(spanFault({ from: now, to: now + 4 * 60_000 }, now, day)).toBe('');
  expect(spanFault({ from: now, to: now + 6 * 60_000 }, now, day)).toBe('future');
  expect(spanFault({ from: now - 31 * day, to: now - 31 * day }, now, day)).toBe('old');
  expect(spanFault({ from: now - day - 1, to: now }, now, day)).toBe('long');
});
