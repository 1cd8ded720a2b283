// The audit log in words: what a line says, which device it was, and how it is asked for.

import { apiUrl } from '../api/client';
import type { AuditLine, Named } from '../api/types';
import { t, tCode } from '../texts/texts.svelte';
import { clockText, dateField, dayStart, momentOfFields, shortDayText } from '../time/zone';

export interface Filter {
  actor: string;
  camera: string;
  kind: string;
  refused: boolean;
  /** of a copy: BC-2026-0007, CC-2026-0007/2 */
  number: string;
  /** days of the site, as date fields have them; '' open */
  from: string;
  to: string;
}

export const NO_FILTER: Filter = { actor: '', camera: '', kind: '', refused: false, number: '', from: '', to: '' };

/** How many of the filter's fields are in use. */
export function filterCount(filter: Filter): number {
  return Object.values(filter).filter(Boolean).length;
}

/** The query of a filter; the last day is asked for whole. */
export function auditQuery(filter: Filter, zone: string): Record<string, string> {
  const moment = (date: string, days: number) => {
    const ms = momentOfFields(date, '00:00', zone);
    return Number.isNaN(ms) ? '' : new Date(dayStart(ms, zone, days)).toISOString();
  };
  const { actor, camera, kind, refused, number } = filter;
  const all = { actor, camera, kind, refused: refused ? 'true' : '', number: number.trim().toUpperCase(), from: moment(filter.from, 0), to: moment(filter.to, 1) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

export function csvUrl(filter: Filter, zone: string): string {
  return apiUrl('/audit.csv', auditQuery(filter, zone));
}

/** "28/11 21:04:09", without the day when `beside` lies in the same one. */
function pointText(ms: number, beside: number | null, zone: string, language: string): string {
  const same = beside !== null && dateField(ms, zone) === dateField(beside, zone);
  return same ? clockText(ms, zone) : `${shortDayText(ms, zone, language)} ${clockText(ms, zone)}`;
}

export function durationText(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return t('audit.seconds', { n: seconds });
  if (seconds < 3600) return t('audit.minutes', { n: Math.round(seconds / 60) });
  return t('audit.hours', { h: Math.floor(seconds / 3600), m: Math.floor((seconds % 3600) / 60) });
}

/** How a sign-in went. The account that was tried stands as the object: no one is signed in yet. */
function signInOf({ refused, result, object }: AuditLine): string {
  if (result === 'code-asked') return 'sign-in-code';
  if (result === 'ok-recovery-code') return 'sign-in-recovery';
  return refused && object ? 'sign-in-as' : 'sign-in';
}

/** What it was done to. A day of the shift plan names itself. */
function objectText({ action, object, object_name }: AuditLine, language: string): string {
  if (action.startsWith('shift-') && object) return /^\d/.test(object) ? shortDayText(Date.parse(object), 'UTC', language) : tCode('day', object, object);
  return object_name ?? (object ? t('audit.gone') : '');
}

/** What was done, as a sentence without its subject. */
export function sentence(line: AuditLine, zone: string, language: string): string {
  const written = Date.parse(line.time);
  const from = line.from ? Date.parse(line.from) : null;
  const to = line.to ? Date.parse(line.to) : null;
  const start = from === null ? '' : pointText(from, written, zone, language);
  const action = line.action === 'sign-in' ? signInOf(line) : line.action;
  const words = tCode('audit.do', action, t('audit.unknown', { action: line.action }), {
    object: objectText(line, language),
    from: start,
    span: from === null || to === null ? '' : `${start} – ${pointText(to, from, zone, language)}`,
    duration: from === null || to === null ? '' : durationText(to - from),
  });
  const done = words.replaceAll(/\s+([,.])/g, '$1').trim();
  return line.refused ? t('audit.refusedDoing', { what: done.charAt(0).toLowerCase() + done.slice(1) }) : done;
}

/** Fields that changed, as "Days kept: 30 → 14"; the values of some are not told. */
export function changeTexts(line: AuditLine, people: readonly Named[] = []): string[] {
  if (line.action.startsWith('shift-'))
    return line.changes.map(({ field, before, after }) => {
      const who = people.find(({ id }) => id === (after || before))?.name ?? t('audit.gone');
      return t(after ? 'audit.shiftCame' : 'audit.shiftLeft', { time: field.replace('-', '–'), who });
    });
  const words = (value: string) => tCode('audit.value', value, value);
  const shown = (value: string, field: string) => {
    if (value === '' || (value === '-1' && UNKNOWN.has(field))) return t('audit.none');
    if (field === 'verdict') return tCode('trace', value, value);
    return field === 'totp_roles' ? value.split(' ').map(words).join(', ') : words(value);
  };
  return line.changes.map(({ field, before, after }) => {
    const name = tCode('audit.field', field, field);
    const untold = (before === '' && after === '') || ID.test(before) || ID.test(after);
    return untold ? name : `${name}: ${shown(before, field)} → ${shown(after, field)}`;
  });
}

/** Numbers of which -1 says that they are not known. */
const UNKNOWN = new Set(['heading_deg', 'cost']);
const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
