// Times and amounts of cases in words.

import type { Time } from '../api/types';
import { durationText } from '../shell/amounts';
import { t, texts } from '../texts/texts.svelte';
import { clockText, dateField, shortDayText } from '../time/zone';
import type { Case } from './types';

const MINUTE_MS = 60_000;

/** "29/11 21:04:10 → 21:06:10"; with the day again where it is another. */
export function footageText(from: Time, to: Time, zone: string): string {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const day = (ms: number) => shortDayText(ms, zone, texts.language);
  if (begin === end) return `${day(begin)} ${clockText(begin, zone)}`;
  const other = dateField(begin, zone) === dateField(end, zone) ? '' : `${day(end)} `;
  return `${day(begin)} ${clockText(begin, zone)} → ${other}${clockText(end, zone)}`;
}

/** "29/11 21:04" */
export function momentText(at: Time, zone: string): string {
  const ms = Date.parse(at);
  return `${shortDayText(ms, zone, texts.language)} ${clockText(ms, zone, 'minute')}`;
}

/** How far it is from its time: "còn 3 giờ", "quá hạn 20 phút"; '' where there is none. */
export function dueText({ due, overdue }: Pick<Case, 'due' | 'overdue'>, now: number): string {
  if (!due) return '';
  const ms = Math.floor(Math.abs(Date.parse(due) - now) / MINUTE_MS) * MINUTE_MS;
  const time = durationText(Math.max(MINUTE_MS, ms));
  return t(overdue || Date.parse(due) < now ? 'case.late' : 'case.left', { time });
}

export function minutesText(minutes: number): string {
  return minutes < 1 ? t('case.underMinute') : durationText(Math.round(minutes) * MINUTE_MS);
}
