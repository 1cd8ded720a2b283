// Marks of the audit log in words, and the lines that they are about.

import type { AuditMark } from '../api/types';
import { t } from '../texts/texts.svelte';
import { clockText, dateField, shortDayText } from '../time/zone';
import { NO_FILTER, type Filter } from './audit';

export const NOTE_MOST = 300;

type Judged = NonNullable<AuditMark['judged']>;
export type Verdict = Judged['verdict'];

/** What the auditor made of it, and why. */
export function judgedText({ verdict, note }: Judged): string {
  return `${t(`mark.${verdict}`)}: ${note}`;
}

export function markSentence(mark: AuditMark): string {
  const { count: n, cameras, case: number } = mark;
  const camera = cameras[0]?.name || t('mark.someCamera');
  switch (mark.kind) {
    case 'same-camera-without-case':
      return t('mark.same', { n, camera });
    case 'bulk-viewing':
      return t('mark.bulk', { n: cameras.length });
    case 'off-shift':
      return cameras.length === 1 ? t('mark.offShiftOne', { n, camera }) : t('mark.offShift', { n, cameras: cameras.length });
    default:
      return t('mark.caseAfter', { camera, number: number ?? '–' });
  }
}

/** "28/11 21:04:09 – 22:10:00", the second day only where it is another one. */
export function markTime({ from, to }: AuditMark, zone: string, language: string): string {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const point = (ms: number) => `${shortDayText(ms, zone, language)} ${clockText(ms, zone)}`;
  if (begin === end) return point(begin);
  return `${point(begin)} – ${dateField(begin, zone) === dateField(end, zone) ? clockText(end, zone) : point(end)}`;
}

/** The lines of that person, of that camera where it is one, on those days. */
export function markFilter({ actor, cameras, from, to }: AuditMark, zone: string): Filter {
  return { ...NO_FILTER, actor, camera: cameras.length === 1 ? cameras[0]!.id : '', from: dateField(Date.parse(from), zone), to: dateField(Date.parse(to), zone) };
}
