// What care for the cameras says in words: how long one worked, how its clock goes, what a repair costs, what is late.

import type { CameraStatus, Repair, RetentionEffect } from '../api/types';
import { durationText, numberText } from '../shell/amounts';
import { t } from '../texts/texts.svelte';

/** From here on the time that a camera writes into its picture misleads; `vonglau doctor` warns from here, too. */
const CLOCK_OFF_MS = 2_000;

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

type Clock = Pick<CameraStatus, 'clock_offset_ms' | 'clock_by_ntp'>;

export const clockIsOff = ({ clock_offset_ms: off }: Clock) => off !== null && Math.abs(off) > CLOCK_OFF_MS;

/** How the camera's own clock stands to ours. */
export function clockOffText(clock: Clock): string {
  const { clock_offset_ms: off } = clock;
  if (off === null) return t('facts.clockUnknown');
  if (clockIsOff(clock)) return t(off > 0 ? 'facts.clockAhead' : 'facts.clockBehind', { time: durationText(Math.abs(off)) });
  return t(clock.clock_by_ntp ? 'facts.clockNtp' : 'facts.clockRight');
}

type Room = Pick<RetentionEffect, 'room_days' | 'rule_days'>;

/** The disks fill before footage is as old as the rule lets it become. */
export const roomIsShort = ({ room_days: room, rule_days: rule }: Room) => room !== null && room < rule;

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
