// What households are asked for, as the app shows it: the window that an officer sets, and what its fields say.

import { api, apiUrl } from '../api/client';
import type { FootageRequest } from '../api/types';
import { OPEN_STATES } from '../cases/cases';
import type { ReportKind } from '../reports/kinds';
import type { Page } from '../shell/pages.svelte';
import { momentOfFields } from '../time/zone';

export const WINDOW_MOST_MS = 12 * 3_600_000;
/** Footage that is older is not asked for. */
export const AGE_MOST_MS = 60 * 86_400_000;
/** Houses of one request. */
export const HOUSES_MOST = 50;
export const WITHDRAWAL_MOST = 200;
const DAY_MS = 86_400_000;
const MARGIN_MS = 15 * 60_000;
export const WHAT_MOST = 500;
export const UNIT_MOST = 100;
/** Days that households have to answer. */
export const DEADLINES = [1, 2, 3, 7] as const;

/** From a day and two times of it; an end before its beginning is of the next day. NaN where a field says nothing. */
export function windowOf(date: string, from: string, to: string, zone: string): { from: number; to: number } {
  const begin = momentOfFields(date, from, zone);
  const end = momentOfFields(date, to, zone);
  return { from: begin, to: end <= begin ? end + 86_400_000 : end };
}

/** What the form begins with: around a moment, or a span. Always one that may be asked for by its length. */
export function around(at: number, until: number): { from: number; to: number } {
  const from = at - MARGIN_MS;
  return { from, to: Math.min(Math.max(at, until) + MARGIN_MS, from + WINDOW_MOST_MS) };
}

/** The end of so many days, the same moment each time: what is sent again after a lost answer is the same request. */
export function endOfDays(now: () => number): (days: number) => string {
  const told = new Map<number, string>();
  return (days) => {
    const end = told.get(days) ?? new Date(now() + days * DAY_MS).toISOString();
    told.set(days, end);
    return end;
  };
}

/** Lines are the server's affair: what is looked for is one. */
export const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

export type WindowFault = '' | 'none' | 'long' | 'future' | 'old';

export function windowFault({ from, to }: { from: number; to: number }, now: number): WindowFault {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return 'none';
  if (from > now) return 'future';
  if (from < now - AGE_MOST_MS) return 'old';
  return to - from > WINDOW_MOST_MS ? 'long' : '';
}

/** Those that still wait for answers first, then the newest. */
export function inOrder(list: readonly FootageRequest[]): FootageRequest[] {
  return [...list].sort((a, b) => Number(a.over) - Number(b.over) || b.made_at.localeCompare(a.made_at));
}

/** A case, as far as it is chosen from a list. */
export interface OpenCase {
  id: string;
  number: string;
  kind: ReportKind;
  title?: string;
  reports: unknown[];
}

const PREFIX = '/api/v1'.length;

/** Those that are worked on, newest first, a page from `cursor` on. */
export function openCases(cursor: string, signal?: AbortSignal): Promise<Page<OpenCase>> {
  return api.get<Page<OpenCase>>(apiUrl('/cases', { state: OPEN_STATES.join(), limit: 100, cursor }).slice(PREFIX), signal);
}

/** The case that has the report of this number. */
export function caseOf(report: string, cases: readonly OpenCase[]): OpenCase | undefined {
  return cases.find(({ reports }) => JSON.stringify(reports).includes(`"${report}"`));
}
