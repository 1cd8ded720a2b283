// What stands when the app hears the server again: a report that nobody has taken, a case that is late, a package that
// waits. The server tells each of these once, at the moment it comes; a phone whose screen was off did not hear it.

import { api } from '../api/client';
import type { Package, Report } from '../api/types';
import { caseNews } from '../cases/news.svelte';
import { changeNews } from '../changes/change-news.svelte';
import type { Case } from '../cases/types';
import { isUndecided } from '../packages/packages';
import { packageNews } from '../packages/package-news.svelte';
import { reportNews } from '../reports/report-news.svelte';
import { ring } from '../reports/ring';

const MOST = 20;

async function of<T>(path: string): Promise<T[]> {
  // A question that fails is asked at the next connection, and lists show what stands.
  return (await api.get<{ items: T[] }>(path).catch(() => null))?.items ?? [];
}

async function reports(again: boolean): Promise<void> {
  const waiting = await of<Report>(`/reports?state=new&limit=${MOST}`);
  let fresh = false;
  for (const { id, number, kind, location, state } of waiting.reverse()) fresh = reportNews.standing({ id, number, kind, location: location ?? null, state }) || fresh;
  if (again && fresh) ring();
}

async function cases(): Promise<void> {
  const late = await of<Case>(`/cases?overdue=true&limit=${MOST}`);
  for (const { id, number, state, assignee } of late.reverse()) caseNews.standing({ id, number, state, assignee: assignee?.name, overdue: true });
}

async function packages(): Promise<void> {
  const newest = await of<Package>(`/packages?limit=${MOST}`);
  for (const one of newest.reverse()) if (isUndecided(one)) packageNews.take({ id: one.id, number: one.number, state: one.state, waits: true, asked_by: one.asked_by?.id ?? '' });
}

/** Tells what was not told here. `again`: the app was told all until the line broke, and who has it in the hand is to hear it. */
export async function tellStanding(can: (action: string) => boolean, again: boolean): Promise<void> {
  await Promise.all([can('report') && reports(again), can('case-read') && cases(), can('hold') && packages(), can('hold') && changeNews.load()]);
}
