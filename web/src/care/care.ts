// What care for the cameras says in words: how long one worked, what a repair costs, what is late.

import type { Repair } from '../api/types';
import { numberText } from '../shell/amounts';

export interface Month {
  month: string;
  recorded_s: number;
  missing_s: number;
}

/** The part of the wanted time that was recorded, 0 to 1; NaN when none was wanted. */
export function uptime({ recorded_s, missing_s }: Pick<Month, 'recorded_s' | 'missing_s'>): number {
  return recorded_s / (recorded_s + missing_s);
}

/** "99,9 %": rounded down, so that only a month without any gap is whole. */
export function percentText(part: number): string {
  if (!Number.isFinite(part)) return '–';
  const down = Math.floor(part * 1000) / 10;
  return `${numberText(down, 1)} %`;
}

/** "2026-11" as "11/2026". */
export function monthText(month: string): string {
  return `${month.slice(5)}/${month.slice(0, 4)}`;
}

/** "350.000 ₫" */
export function moneyText(cost: number): string {
  return `${numberText(cost)} ₫`;
}

/** What a field for money holds, as a number of đồng; null when it is empty, NaN when it is none. */
export function moneyOf(field: string): number | null {
  const digits = field.replaceAll(/[\s.,₫]/g, '');
  if (digits === '') return null;
  return /^\d{1,12}$/.test(digits) ? Number(digits) : NaN;
}

export const isSettled = (repair: Pick<Repair, 'state'>) => repair.state === 'done' || repair.state === 'dropped';

/** Should it be done by now? `today` as "2026-11-24". */
export function isLate(repair: Pick<Repair, 'state' | 'due'>, today: string): boolean {
  return !isSettled(repair) && repair.due !== '' && repair.due < today;
}

/** "2026-12-01" as "01/12/2026". */
export function dueText(day: string): string {
  return day.split('-').reverse().join('/');
}
