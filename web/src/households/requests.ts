// What households are asked for, as the app shows it: the window that an officer sets, and what its fields say.

import { api } from '../api/client';
import type { FootageRequest } from '../api/types';
import type { ReportKind } from '../reports/kinds';
import { momentOfFields } from '../time/zone';

export const WINDOW_MOST_MS = 12 * 3_600_000;
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

export type WindowFault = '' | 'none' | 'long' | 'future';

export function windowFault({ from, to }: { from: number; to: number }, now: number): WindowFault {
  if (!Number.isFinite(from) || !Number.isFinite(to)) return 'none';
  if (from > now) return 'future';
  return to - from > WINDOW_MOST_MS ? 'long' : '';
}

/** Those that still wait for answers first, then the newest. */
export function inOrder(list: readonly FootageRequest[]): FootageRequest[] {
  return [...list].sort((a, b) => Number(a.over) - Number(b.over) || b.made_at.localeCompare(a.made_at));
}

/** A case, as far as it is chosen from a list. */
export interface OpenCase {
  number: string;
  kind: ReportKind;
  title?: string;
  reports: unknown[];
}

/** Those that are worked on, newest first. */
export async function openCases(): Promise<OpenCase[]> {
  const page = await api.get<{ items: OpenCase[] }>('/cases?state=new,searching,preserved,exported,decided,reopened&limit=100');
  return page.items;
}

/** The case that has the report of this number. */
export function caseOf(report: string, cases: readonly OpenCase[]): OpenCase | undefined {
  return cases.find(({ reports }) => JSON.stringify(reports).includes(`"${report}"`));
}
