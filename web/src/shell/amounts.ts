// Numbers, lengths of time and sizes of files in words.

import { localeOf, t, texts } from '../texts/texts.svelte';

/** At most `digits` after the comma, which Vietnamese writes as a comma. */
export function numberText(value: number, digits = 0): string {
  return value.toLocaleString(localeOf(texts.language), { maximumFractionDigits: digits });
}

export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return t('duration.seconds', { n: numberText(seconds, 1) });
  if (seconds < 60) return t('duration.seconds', { n: Math.round(seconds) });
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours >= 48) return t('duration.days', { n: Math.round(hours / 24) });
  if (hours > 0) return t('duration.hours', { h: hours, m: minutes });
  return rest > 0 ? t('duration.minutes', { m: minutes, s: rest }) : t('duration.wholeMinutes', { n: minutes });
}

export function bytesText(bytes: number): string {
  if (bytes < 1 << 20) return `${numberText(Math.ceil(bytes / 1024))} kB`;
  if (bytes < 1 << 30) return `${numberText(bytes / (1 << 20), 1)} MB`;
  return `${numberText(bytes / (1 << 30), 2)} GB`;
}

export function rateText(bps: number): string {
  if (bps >= 1e6) return t('unit.mbit', { n: numberText(bps / 1e6, 1) });
  return t('unit.kbit', { n: Math.round(bps / 1000) });
}
