// Says in plain words of the app's language what a failure means and what to do.

import { Problem } from '../api/client';
import { t, tCode } from '../texts/texts.svelte';

export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) return t('problem.unexpected');
  if (error.causeCode) return tCode('cause', error.causeCode, error.message);
  const known = tCode('problem', String(error.status), '');
  if (error.status === 400 || error.status === 409 || error.status === 422) {
    return error.detail ? `${known} ${error.detail}` : known;
  }
  return known || t('problem.server', { status: error.status });
}
