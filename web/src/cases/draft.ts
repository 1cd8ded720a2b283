// What somebody types of a case: a new one without a report, or what was wrong of one that stands.

import { spanFault, spanFields, spanOfFields, type SpanFault, type SpanFields } from '../reports/spans';
import type { ReportKind } from '../reports/kinds';
import type { Case, CasePatch } from './types';

export const TITLE_MOST = 100;
export const SPAN_MOST_MS = 31 * 86_400_000;

export interface CaseDraft extends SpanFields {
  kind: ReportKind | '';
  title: string;
  location: string;
  place: { lat: number; lon: number } | null;
  where: string;
}

export type DraftFault = '' | 'kind' | 'none' | 'where' | Exclude<SpanFault, '' | 'old'>;

const HALF_HOUR_MS = 1_800_000;

const spanOf = (one: Case) => ({ from: Date.parse(one.from), to: Date.parse(one.to) });

/** As the case stands; a new one begins with the last half hour. */
export function draftOf(one: Case | null, now: number, zone: string): CaseDraft {
  return {
    kind: one?.kind ?? '',
    title: one?.title ?? '',
    location: one?.location ?? '',
    place: one?.place ? { lat: one.place.lat, lon: one.place.lon } : null,
    where: one?.where ?? '',
    ...spanFields(one ? spanOf(one) : { from: now - HALF_HOUR_MS, to: now }, zone),
  };
}

/** What is to be sent: of a case that stands, only what was changed. Or why it cannot be. */
export function wishOf(draft: CaseDraft, one: Case | null, now: number, zone: string): { fault: DraftFault; wish: CasePatch } {
  const { from, to } = spanOfFields(draft, one && spanOf(one), zone);
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
