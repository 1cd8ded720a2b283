// The age of a picture, and when it is too old to be called live.

import { t, type Language } from '../texts/texts.svelte';

/** From this age on a picture is shown as old. */
export const STALE_MS = 3_000;

export function ageText(ms: number, language: Language): string {
  const age = Math.max(0, ms);
  if (age < 9_950) {
    const tenths = (Math.round(age / 100) / 10).toFixed(1);
    return t('age.seconds', { n: language === 'vi' ? tenths.replace('.', ',') : tenths });
  }
  if (age < 60_000) return t('age.seconds', { n: Math.round(age / 1000) });
  if (age < 3_600_000) return t('age.minutes', { n: Math.floor(age / 60_000) });
  if (age < 86_400_000) return t('age.hours', { n: Math.floor(age / 3_600_000) });
  return t('age.days', { n: Math.floor(age / 86_400_000) });
}
