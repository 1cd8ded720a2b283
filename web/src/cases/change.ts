// What officers do with cases.

import { api, Problem } from '../api/client';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';
import type { Report } from '../api/types';
import { caseNews } from './news.svelte';
import type { Case, CaseItem, CasePatch, ItemInput } from './types';

/** What is open asks anew, when it is done and when somebody was faster. */
async function done<T>(what: Promise<T>): Promise<T> {
  try {
    return await what;
  } finally {
    caseNews.count++;
  }
}

/** Refused when somebody changed it meanwhile. */
export function changeCase({ id, revision }: Pick<Case, 'id' | 'revision'>, change: CasePatch): Promise<Case> {
  return done(api.patch<Case>(`/cases/${id}`, { ...change, revision }));
}

export function openCase(report: Pick<Report, 'id' | 'kind' | 'from' | 'to'>, key: string): Promise<Case> {
  return api.post<Case>('/cases', { kind: report.kind, from: report.from, to: report.to, reports: [report.id], key });
}

/** Nobody told a report of it. */
export function openBareCase(wish: CasePatch, key: string): Promise<Case> {
  return done(api.post<Case>('/cases', { ...wish, key }));
}

/** `of`: id or number of the case. */
export function addItem(of: string, item: ItemInput): Promise<CaseItem> {
  return done(api.post<CaseItem>(`/cases/${of}/items`, item));
}

export function removeItem(of: string, n: number): Promise<void> {
  return done(api.delete(`/cases/${of}/items/${n}`));
}

/** What can be done with holds: those of the case's reports confirmed; one approved; its release asked for, done by another person, or taken back. */
export const holds = {
  confirm: (of: string) => done(api.post(`/cases/${of}/holds`, { confirm: true })),
  approve: (of: string, hold: string) => done(api.post(`/cases/${of}/holds/${hold}/approval`, {})),
  askRelease: (of: string, hold: string, reason: string) => done(api.post(`/cases/${of}/holds/${hold}/release`, { reason })),
  release: (of: string, hold: string) => done(api.post(`/cases/${of}/holds/${hold}/release`, { approve: true })),
  keep: (of: string, hold: string) => done(api.delete(`/cases/${of}/holds/${hold}/release`)),
};

export function caseProblem(error: unknown): string {
  return error instanceof Problem && error.code === 'changed' ? t('case.changed') : problemText(error);
}
