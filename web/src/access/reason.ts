// Why older footage is looked at, as it is told to the server and shown in the audit log.

import { t, tCode, texts } from '../texts/texts.svelte';
import { shortDayText } from '../time/zone';

/** A case by its number, or a reason: one of QUICK, or a person's own words. */
export type Why = { case: string } | { reason: string };

/** Told by one tap. */
export const QUICK = ['resident-report', 'routine-check', 'technical-check', 'training'] as const;

export const REASON_LEAST = 3;
export const REASON_MOST = 200;

/** Is it told in somebody's own words? */
export function takesWords(why: Why): boolean {
  return 'reason' in why && !(QUICK as readonly string[]).includes(why.reason);
}

export function whyText(why: Why): string {
  return 'case' in why ? t('access.case', { number: why.case }) : tCode('access.why', why.reason, why.reason);
}

/** The same as it stands over pictures: a case's number, a routine's name; nobody's own words, which may name somebody. */
export function markWhy(why: Why): string {
  if (takesWords(why)) return '';
  return 'case' in why ? why.case : whyText(why);
}

const DAY_MS = 86_400_000;

/** What a reason is asked for: the first of its cameras, how many more, and its day, or first and last day. */
export function whatText(name: string, cameras: number, span: { from: number; to: number }, zone: string): string {
  const dayOf = (ms: number) => shortDayText(ms, zone, texts.language);
  const days = span.to - span.from > 2 * DAY_MS ? `${dayOf(span.from)} – ${dayOf(span.to)}` : dayOf((span.from + span.to) / 2);
  return `${name}${cameras > 1 ? ` +${cameras - 1}` : ''} · ${days}`;
}

/** Of a line of the audit log, which writes a case as "case 2026/14". */
export function reasonText(told: string): string {
  const unmasked = /^unmasked [0-9a-f-]{36}(?:; (.+))?$/.exec(told);
  if (unmasked) return [t('unmask.inLog'), unmasked[1] && reasonText(unmasked[1])].filter(Boolean).join(' · ');
  const number = /^case (.+)$/.exec(told)?.[1];
  return whyText(number === undefined ? { reason: told } : { case: number });
}
