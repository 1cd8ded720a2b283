// What officers do with a report; the server says who has it when somebody was faster.

import { api } from '../api/client';
import type { Report, ReportChange } from '../api/types';
import { notices } from '../shell/notices.svelte';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';
import { reportNews } from './report-news.svelte';

export async function changeReport(id: string, change: ReportChange): Promise<Report> {
  const report = await api.patch<Report>(`/reports/${id}`, change);
  reportNews.count++; // lists that are open ask anew
  return report;
}

/** It was told by mistake. */
export async function takeBack(id: string): Promise<void> {
  try {
    await changeReport(id, { state: 'rejected', answer: t('report.mistaken') });
    notices.say(t('report.takenBack'));
  } catch (error) {
    notices.say(problemText(error), { bad: true });
  }
}
