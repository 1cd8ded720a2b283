// What the server's refusals about passwords and codes mean; '' for what is not about them.

import { Problem } from '../api/client';
import { durationText } from '../shell/amounts';
import { t } from '../texts/texts.svelte';

export function factorWords(problem: unknown): string {
  if (!(problem instanceof Problem)) return '';
  if (problem.code === 'wrong-code') return t('factor.wrong');
  if (problem.code === 'second-factor-needed') return t('factor.mustStay');
  if (problem.code === 'wrong-password' && problem.status === 403) return t('password.wrongOld');
  if (problem.code === 'wrong-password') return t('signin.wrong');
  if (problem.status === 404) return t('factor.tooLate');
  if (problem.status !== 429) return '';
  return problem.retryAfter > 0 ? t('signin.lockedFor', { wait: durationText(problem.retryAfter * 1000) }) : t('signin.locked');
}
