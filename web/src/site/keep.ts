// What a rule of retention means, in words.

import type { RetentionEffect } from '../api/types';
import { bytesText, numberText } from '../shell/amounts';
import { t } from '../texts/texts.svelte';

/** A size as it is typed and shown, GB; a rule is kept in bytes. */
const GB = 2 ** 30;
export const gigabytes = (bytes: number): number | null => (bytes > 0 ? Math.round((bytes / GB) * 100) / 100 : null);
export const bytesOf = (gb: number | null | undefined): number => (gb ? Math.round(gb * GB) : 0);

/** What is wrong with the fields, or ''. Empty days are allowed where another rule stands in. */
export function keepFault(days: number | null | undefined, gb: number | null | undefined, needsDays: boolean): '' | 'days' | 'bytes' {
  const none = days === null || days === undefined;
  if (none ? needsDays : !Number.isInteger(days) || days < 1 || days > 3650) return 'days';
  return gb !== null && gb !== undefined && gb < 1 ? 'bytes' : '';
}

/** How long footage will stay: by the rule, or as the disks have room. */
export function keepsText(effect: RetentionEffect): string {
  const { rule_days: rule, room_days: room } = effect;
  if (room === 0) return t('keep.roomUnderDay');
  if (room !== null && room < rule) return t('keep.byRoom', { n: numberText(room), rule: numberText(rule) });
  return rule < 1 ? t('keep.underDay') : t('keep.byRule', { n: numberText(rule) });
}

/** What there is now. */
export function haveText(effect: RetentionEffect): string {
  return [
    effect.footage_bytes > 0 ? t('keep.have', { size: bytesText(effect.footage_bytes) }) : '',
    effect.day_bytes > 0 ? t('keep.perDay', { size: bytesText(effect.day_bytes) }) : '',
    t('keep.free', { size: bytesText(effect.free_bytes), total: bytesText(effect.total_bytes) }),
  ]
    .filter(Boolean)
    .join(' ');
}
