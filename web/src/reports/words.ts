// Times and spans of reports in words.

import type { Report, Time } from '../api/types';
import { durationText } from '../shell/amounts';
import { t, texts } from '../texts/texts.svelte';
import { clockText, dateField, shortDayText } from '../time/zone';
import type { SpanWord } from './spans';

const MINUTE_MS = 60_000;

/** "12 phút trước"; of the first minute: "vừa xong". */
export function agoText(at: Time, now: number): string {
  const ms = Math.floor((now - Date.parse(at)) / MINUTE_MS) * MINUTE_MS;
  return ms < MINUTE_MS ? t('report.justNow') : t('report.ago', { time: durationText(ms) });
}

/** The last day of a time that ends at a midnight: "30/11". */
export function dueText(until: Time, zone: string): string {
  return shortDayText(Date.parse(until) - 1, zone, texts.language);
}

/** "29/11 09:15–09:30", and how it was said. */
export function spanText({ from, to, span_words: word }: Pick<Report, 'from' | 'to' | 'span_words'>, zone: string): string {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const moment = (ms: number) => `${shortDayText(ms, zone, texts.language)} ${clockText(ms, zone, 'minute')}`;
  const sameDay = dateField(begin, zone) === dateField(end, zone);
  const until = clockText(begin, zone, 'minute') === clockText(end, zone, 'minute') && sameDay ? '' : `–${sameDay ? clockText(end, zone, 'minute') : moment(end)}`;
  const said = word && word !== 'exact' ? ` (${t(`report.when.${word as SpanWord}`)})` : '';
  return `${moment(begin)}${until}${said}`;
}
