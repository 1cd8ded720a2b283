// Tells the server a report, from the app: the same one again when the answer was lost.

import { api, Problem } from '../api/client';
import type { Report, ReportInput } from '../api/types';
import { makeKey } from '../report-form/draft';
import { reportNews } from './report-news.svelte';
import { ring } from './ring';

const AGAIN_MS = 1_500;

/** `input` without its key. Throws Problem. */
export async function tellReport(input: Omit<ReportInput, 'key'>, key = makeKey()): Promise<Report> {
  const body = { ...input, key };
  reportNews.hold();
  try {
    const report = await api.post<Report>('/reports', body).catch(async (error: unknown) => {
      if (!(error instanceof Problem && error.status === 0)) throw error;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
      return api.post<Report>('/reports', body);
    });
    reportNews.own(report.id);
    return report;
  } finally {
    for (const news of reportNews.release()) if (reportNews.take(news)) ring();
  }
}
