// The shift plan as the screen shows it: what begins on a day, where nobody is on duty, and what one's
// own duty is.

import type { Shift, ShiftPlan, Turn } from '../api/types';
import { dateField, dayStart, wallOf } from '../time/zone';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof DAYS)[number];

export interface PlanDay {
  /** "2026-12-01" */
  date: string;
  weekday: Weekday;
  /** its first moment, and that of the next day */
  from: number;
  to: number;
  shifts: readonly Shift[];
  /** said for this date alone, instead of its day of the week */
  special: boolean;
}

/** The first moment of the week of `ms`, from Monday on; `weeks` later. */
export function weekStart(ms: number, zone: string, weeks = 0): number {
  const { year, month, day } = wallOf(ms, zone);
  const sinceMonday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return dayStart(ms, zone, 7 * weeks - sinceMonday);
}

/** The seven days of the week that begins at `start`. */
export function weekOf(plan: ShiftPlan, start: number, zone: string): PlanDay[] {
  const shiftsOf = (day: string) => plan.days.find((one) => one.day === day)?.shifts;
  return DAYS.map((weekday, i) => {
    const from = dayStart(start, zone, i);
    const date = dateField(from, zone);
    const own = shiftsOf(date);
    return { date, weekday, from, to: dayStart(start, zone, i + 1), shifts: own ?? shiftsOf(weekday) ?? [], special: own !== undefined };
  });
}

/** When nobody is on duty between two moments. */
export function holesIn(turns: readonly Turn[], from: number, to: number): { from: number; to: number }[] {
  return turns
    .filter((turn) => turn.people.length === 0)
    .map((turn) => ({ from: Math.max(from, Date.parse(turn.from)), to: Math.min(to, Date.parse(turn.to)) }))
    .filter((hole) => hole.from < hole.to);
}

export interface OwnDuty {
  /** now, or the next time; null: not within the turns */
  from: number | null;
  to: number | null;
  /** null: the turns end before it does */
  now: boolean;
  /** who is on duty after it; empty: nobody */
  then: readonly string[];
}

/** When `who` is on duty, now or next, by turns that begin now. */
export function dutyOf(turns: readonly Turn[], who: string): OwnDuty {
  const first = turns.findIndex((turn) => turn.people.includes(who));
  if (first < 0) return { from: null, to: null, now: false, then: [] };
  let last = first;
  while (turns[last + 1]?.people.includes(who)) last++;
  const after = turns[last + 1];
  return { from: Date.parse(turns[first]!.from), to: after ? Date.parse(turns[last]!.to) : null, now: first === 0, then: after?.people ?? [] };
}

/** A shift as it is edited. */
export type Row = Shift;

/** One more shift of a day: it goes on where the last one ends, for twelve hours. */
export function nextRow(rows: readonly Row[]): Row {
  const from = rows.at(-1)?.to ?? '07:00';
  const to = `${String((Number(from.slice(0, 2)) + 12) % 24).padStart(2, '0')}${from.slice(2)}`;
  return { from, to, people: [] };
}

/** Does it end on the next day? */
export const endsNextDay = ({ from, to }: Row): boolean => to <= from;

/** What is wrong with what was typed: '' nothing. */
export function faultOf(rows: readonly Row[]): '' | 'people' | 'times' | 'same' {
  if (rows.some(({ from, to }) => !from || !to)) return 'times';
  if (rows.some(({ people }) => people.length === 0)) return 'people';
  return new Set(rows.map(({ from, to }) => `${from} ${to}`)).size < rows.length ? 'same' : '';
}
