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

/** The end of so many days, for an hour the same moment, which `told` keeps: what is sent again after a lost answer is the same request. */
export function endOfDays(days: number, told: Record<number, string>, now: number): string {
  const end = now + days * DAY_MS;
  const before = told[days];
  return before && Math.abs(end - Date.parse(before)) < 3_600_000 ? before : (told[days] = new Date(end).toISOString());
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

/** The case is opened from the report. */
export const NEW_CASE = 'new';

/** What the form asks for, and where it was opened from. */
export interface CaseWanted {
  /** number of a case */
  wanted: string;
  report: string;
}

/** Among those that are told so far: the one that the form was opened for. */
export function caseFor({ wanted, report }: CaseWanted, cases: readonly OpenCase[]): OpenCase | undefined {
  if (wanted) return cases.find((one) => one.number === wanted);
  return report ? caseOf(report, cases) : cases[0];
}

/** What is chosen once the pages were read: what somebody picked meanwhile stays. `all`: no page is missing. */
export function chosenCase(picked: string, from: CaseWanted, cases: readonly OpenCase[], all: boolean): string {
  if (picked === NEW_CASE) return caseOf(from.report, cases)?.number ?? picked;
  if (picked || !(from.wanted || from.report)) return picked;
  return caseFor(from, cases)?.number ?? (from.report && !from.wanted && all ? NEW_CASE : '');
}
