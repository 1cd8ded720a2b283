// What somebody types of a case: a new one without a report, or what was wrong of one that stands.

import { spanFault, type SpanFault } from '../reports/spans';
import type { ReportKind } from '../reports/kinds';
import { dateField, momentOfFields, timeField } from '../time/zone';
import type { Case, CasePatch } from './types';

export const TITLE_MOST = 100;
export const SPAN_MOST_MS = 31 * 86_400_000;

export interface CaseDraft {
  kind: ReportKind | '';
  title: string;
  location: string;
  place: { lat: number; lon: number } | null;
  where: string;
  fromDate: string;
  fromTime: string;
  toDate: string;
  toTime: string;
}

export type DraftFault = '' | 'kind' | 'none' | 'where' | Exclude<SpanFault, '' | 'old'>;

const HALF_HOUR_MS = 1_800_000;

/** As the case stands; a new one begins with the last half hour. */
export function draftOf(one: Case | null, now: number, zone: string): CaseDraft {
  const from = one ? Date.parse(one.from) : now - HALF_HOUR_MS;
  const to = one ? Date.parse(one.to) : now;
  return {
    kind: one?.kind ?? '',
    title: one?.title ?? '',
    location: one?.location ?? '',
    place: one?.place ? { lat: one.place.lat, lon: one.place.lon } : null,
    where: one?.where ?? '',
    fromDate: dateField(from, zone),
    fromTime: timeField(from, zone).slice(0, 5),
    toDate: dateField(to, zone),
    toTime: timeField(to, zone).slice(0, 5),
  };
}

/** What fields that nobody touched stand for is kept to the millisecond. */
function spanOf(draft: CaseDraft, before: CaseDraft, one: Case | null, zone: string): { from: number; to: number } {
  const moment = (which: 'from' | 'to') => {
    const [date, time] = [draft[`${which}Date`], draft[`${which}Time`]];
    const untouched = one && date === before[`${which}Date`] && time === before[`${which}Time`];
    return untouched ? Date.parse(one[which]) : momentOfFields(date, time, zone);
  };
  return { from: moment('from'), to: moment('to') };
}

/** What is to be sent: of a case that stands, only what was changed. Or why it cannot be. */
export function wishOf(draft: CaseDraft, one: Case | null, now: number, zone: string): { fault: DraftFault; wish: CasePatch } {
  const before = draftOf(one, now, zone);
  const { from, to } = spanOf(draft, before, one, zone);
  const [title, where] = [draft.title.trim(), draft.where.trim()];
  const wish: CasePatch = {};
  const refused = (fault: DraftFault) => ({ fault, wish: {} });
  if (!draft.kind) return refused('kind');
  if (Number.isNaN(from) || Number.isNaN(to) || to < from) return refused('none');
  if (!one && !draft.location && !draft.place && !where) return refused('where');
  const moved = !one || from !== Date.parse(one.from) || to !== Date.parse(one.to);
  const fault = moved ? spanFault({ from, to }, now, SPAN_MOST_MS) : '';
  if (fault && fault !== 'old') return refused(fault); // what is long over can still become a case
  if (draft.kind !== one?.kind) wish.kind = draft.kind;
  if (title !== (one?.title ?? '')) wish.title = title;
  if (where !== (one?.where ?? '')) wish.where = where;
  if (draft.location && draft.location !== one?.location) wish.location = draft.location;
  if (draft.place && (draft.place.lat !== one?.place?.lat || draft.place.lon !== one.place.lon)) wish.place = draft.place;
  if (moved) Object.assign(wish, { from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  return { fault: '', wish };
}
