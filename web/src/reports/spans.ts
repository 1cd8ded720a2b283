// When it happened, in the words that people use for it, and the span of time that each word means. The app
// and the page for residents offer the same words.

import { dateField, dayStart, momentOf, momentOfFields, timeField, wallOf } from '../time/zone';

export type SpanWord = 'just-now' | 'half-hour' | 'before-morning-market' | 'morning' | 'noon' | 'afternoon' | 'evening' | 'last-night' | 'exact';

/** Milliseconds since the epoch: the earliest and the latest it can have been. */
export interface Span {
  from: number;
  to: number;
}

export interface OfferedSpan extends Span {
  word: SpanWord;
}

const MINUTE_MS = 60_000;

/** Hours of the day: a word is offered once its first hour has come. `day`: -1 yesterday. */
const HOURS: { word: SpanWord; from: number; to: number; day: 0 | -1 }[] = [
  { word: 'evening', from: 18, to: 23, day: 0 },
  { word: 'afternoon', from: 14, to: 18, day: 0 },
  { word: 'noon', from: 11, to: 14, day: 0 },
  { word: 'morning', from: 6, to: 11, day: 0 },
  { word: 'before-morning-market', from: 3, to: 6, day: 0 },
  { word: 'last-night', from: 21, to: 29, day: -1 },
];

/** The words that make sense now, the latest first. */
export function spansAt(now: number, zone: string): OfferedSpan[] {
  const near: OfferedSpan[] = [
    { word: 'just-now', from: now - 15 * MINUTE_MS, to: now },
    { word: 'half-hour', from: now - 60 * MINUTE_MS, to: now - 15 * MINUTE_MS },
  ];
  const hours = HOURS.map(({ word, from, to, day }) => {
    const wall = wallOf(dayStart(now, zone, day), zone);
    return { word, from: momentOf({ ...wall, hour: from }, zone), to: Math.min(now, momentOf({ ...wall, hour: to }, zone)) };
  });
  return [...near, ...hours.filter(({ from, to }) => from < to)];
}

/** What date and times of day in the site's zone say; a `to` before `from` is of the next day. Null: no such moments. */
export function exactSpan(date: string, fromTime: string, toTime: string, zone: string): Span | null {
  const from = momentOfFields(date, fromTime, zone);
  const sameDay = toTime ? momentOfFields(date, toTime, zone) : from;
  if (Number.isNaN(from) || Number.isNaN(sameDay)) return null;
  const to = sameDay >= from ? sameDay : sameDay + (dayStart(from, zone, 1) - dayStart(from, zone));
  return { from, to };
}

/** A span in fields of a form. */
export interface SpanFields {
  fromDate: string;
  fromTime: string;
  toDate: string;
  toTime: string;
}

export function spanFields({ from, to }: Span, zone: string): SpanFields {
  const [fromTime, toTime] = [timeField(from, zone).slice(0, 5), timeField(to, zone).slice(0, 5)];
  return { fromDate: dateField(from, zone), fromTime, toDate: dateField(to, zone), toTime };
}

/** What the fields say; those that nobody touched stand for `before` to the millisecond. NaN: no such moment. */
export function spanOfFields(fields: SpanFields, before: Span | null, zone: string): Span {
  const was = before && spanFields(before, zone);
  const moment = (which: 'from' | 'to') => {
    const [date, time] = [fields[`${which}Date`], fields[`${which}Time`]];
    const untouched = was && date === was[`${which}Date`] && time === was[`${which}Time`];
    return untouched ? before[which] : momentOfFields(date, time, zone);
  };
  return { from: moment('from'), to: moment('to') };
}

/** Clocks of phones differ so much from the server's. */
const FUTURE_MS = 5 * MINUTE_MS;
const OLDEST_MS = 30 * 86_400_000;

export type SpanFault = '' | 'future' | 'old' | 'long';

/** What the server would not take. */
export function spanFault({ from, to }: Span, now: number, longest: number): SpanFault {
  if (to > now + FUTURE_MS) return 'future';
  if (from < now - OLDEST_MS) return 'old';
  return to - from > longest ? 'long' : '';
}
