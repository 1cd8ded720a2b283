// Says in plain words of the app's language what a failure means and what to do.

import { Problem } from '../api/client';
import { t, tCode } from '../texts/texts.svelte';

export function problemText(error: unknown): string {
  if (!(error instanceof Problem)) return t('problem.unexpected');
  if (error.status === 422) return tCode('cause', error.code, error.message);
  if (error.code === 'reason-needed') return t('access.needed');
  const known = tCode('problem', String(error.status), '');
  if (error.status === 409 && error.code) {
    const told = tCode('cause', error.code, '');
    if (told) return told;
  }
  if (error.status === 400 || error.status === 409) {
    return error.detail ? `${known} ${error.detail}` : known;
  }
  return known || t('problem.server', { status: error.status });
}
