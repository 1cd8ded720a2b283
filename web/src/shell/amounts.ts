// Lengths of time and sizes of files in words.

import { t, texts } from '../texts/texts.svelte';

/** With the decimal sign of the app's language. */
function decimal(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return texts.language === 'vi' ? text.replace('.', ',') : text;
}

export function durationText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  const tenths = Math.round(seconds * 10) / 10;
  if (tenths < 10) return t('duration.seconds', { n: decimal(tenths, Number.isInteger(tenths) ? 0 : 1) });
  if (seconds < 60) return t('duration.seconds', { n: Math.round(seconds) });
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours >= 48) return t('duration.days', { n: Math.round(hours / 24) });
  if (hours > 0) return t('duration.hours', { h: hours, m: minutes });
  return t('duration.minutes', { m: minutes, s: rest });
}

export function bytesText(bytes: number): string {
  if (bytes < 1 << 20) return `${Math.ceil(bytes / 1024)} kB`;
  if (bytes < 1 << 30) return `${decimal(bytes / (1 << 20), 1)} MB`;
  return `${decimal(bytes / (1 << 30), 2)} GB`;
}
