// What somebody is telling, until it is sent: kept for a reload of the page in this tab, and no longer.

import type { ReportKind } from '../reports/kinds';
import { exactSpan, spanFault, spansAt, type Span, type SpanWord } from '../reports/spans';

export interface Draft {
  /** made once: sent again it is the same report */
  key: string;
  kind: ReportKind | '';
  word: SpanWord | '';
  date: string;
  fromTime: string;
  toTime: string;
  location: string;
  place: { lat: number; lon: number } | null;
  where: string;
  text: string;
  name: string;
  phone: string;
  vneid: string;
}

export const TEXT_MOST = 2000;
export const WHERE_MOST = 200;
export const NAME_MOST = 100;
export const PHONE_MOST = 30;
export const VNEID_MOST = 40;
/** A report of a resident says when within a day. */
export const SPAN_MOST_MS = 86_400_000;

export function emptyDraft(key: string): Draft {
  return { key, kind: '', word: '', date: '', fromTime: '', toTime: '', location: '', place: null, where: '', text: '', name: '', phone: '', vneid: '' };
}

/** A random UUID, version 4 (RFC 9562 §5.4), without what only new browsers on secure pages have. */
export function makeKey(random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)): string {
  const bytes = random(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let hex = '';
  for (let i = 0; i < 16; i++) hex += (bytes[i]! + 0x100).toString(16).slice(1);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The span that is told; null while nothing valid is. */
export function spanOf(draft: Draft, now: number, zone: string): Span | null {
  if (draft.word === 'exact') return exactSpan(draft.date, draft.fromTime, draft.toTime, zone);
  const offered = spansAt(now, zone).filter(({ word }) => word === draft.word)[0];
  return offered ? { from: offered.from, to: offered.to } : null;
}

export type Missing = '' | 'kind' | 'when' | 'when-future' | 'when-old' | 'when-long' | 'where' | 'text';

/** What step 2 lacks. */
export function missingPlace(draft: Draft, now: number, zone: string): Missing {
  const span = spanOf(draft, now, zone);
  if (!span) return 'when';
  const fault = spanFault(span, now, SPAN_MOST_MS);
  if (fault) return `when-${fault}` as Missing;
  return draft.location || draft.place || draft.where.trim() ? '' : 'where';
}

export function missingWords(draft: Draft): Missing {
  return draft.text.trim() ? '' : 'text';
}

/** As POST /public/reports takes it. */
export function bodyOf(draft: Draft, now: number, zone: string): Record<string, unknown> {
  const span = spanOf(draft, now, zone)!;
  const body: Record<string, unknown> = {
    key: draft.key,
    kind: draft.kind,
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    span_words: draft.word,
    text: draft.text.trim(),
  };
  if (draft.location) body['location'] = draft.location;
  if (draft.place) body['place'] = draft.place;
  if (draft.where.trim()) body['where'] = draft.where.trim();
  if (draft.vneid.trim()) body['vneid'] = draft.vneid.trim();
  const reporter: Record<string, string> = {};
  if (draft.name.trim()) reporter['name'] = draft.name.trim();
  if (draft.phone.trim()) reporter['phone'] = draft.phone.trim();
  if (Object.keys(reporter).length > 0) body['reporter'] = reporter;
  return body;
}

const KEPT = 'vonglau.report';
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export function keepDraft(draft: Draft, store: Store): void {
  try {
    store.setItem(KEPT, JSON.stringify(draft));
  } catch {
    // a browser that keeps nothing: a reload begins anew
  }
}

export function keptDraft(store: Store): Draft | null {
  try {
    const kept = JSON.parse(store.getItem(KEPT) || 'null') as Draft | null;
    return kept && typeof kept.key === 'string' ? { ...emptyDraft(kept.key), ...kept } : null;
  } catch {
    return null;
  }
}

export function dropDraft(store: Store): void {
  try {
    store.removeItem(KEPT);
  } catch {
    // nothing was kept
  }
}
