// What was noticed, as the list shows it: what is asked for, how pages and news are put together, and
// where an event is looked at. Nothing here knows the page.

import { access } from '../access/access';
import { apiUrl } from '../api/client';
import { EVENT_KINDS, type Event, type EventKind, type EventMark } from '../api/types';
import { dateField, dayStart, momentOfFields } from '../time/zone';

export interface Filter {
  /** '' any; "none" nobody looked yet */
  mark: string;
  /** '' any; "trouble" all but motion; else an EventKind */
  kind: string;
  camera: string;
  location: string;
  /** days of the site, as date fields have them; '' open */
  from: string;
  to: string;
}

export const NO_FILTER: Filter = { mark: '', kind: '', camera: '', location: '', from: '', to: '' };
const FIELDS = Object.keys(NO_FILTER) as (keyof Filter)[];

/** The filter in the address of the page. */
export function filterOf(query: URLSearchParams): Filter {
  return Object.fromEntries(FIELDS.map((name) => [name, query.get(name) ?? ''])) as unknown as Filter;
}

export function addressOf(filter: Filter): string {
  const query = new URLSearchParams(FIELDS.filter((name) => filter[name]).map((name) => [name, filter[name]]));
  return `/events${query.size > 0 ? `?${query}` : ''}`;
}

/** How many fields besides the mark are in use. */
export function filterCount(filter: Filter): number {
  return FIELDS.filter((name) => name !== 'mark' && filter[name]).length;
}

/** Address of a page of the list; the last day is asked for whole. */
export function pageUrl(filter: Filter, zone: string, limit: number, cursor = ''): string {
  const moment = (date: string, days: number) => {
    const ms = momentOfFields(date, '00:00', zone);
    return Number.isNaN(ms) ? '' : new Date(dayStart(ms, zone, days)).toISOString();
  };
  const kind = filter.kind === 'trouble' ? EVENT_KINDS.filter((one) => one !== 'motion').join() : filter.kind;
  const { mark, camera, location } = filter;
  return apiUrl('/events', { mark, kind, camera, location, from: moment(filter.from, 0), to: moment(filter.to, 1), limit, cursor });
}

const newer = (a: Event, b: Event) => b.from.localeCompare(a.from);

/** The list with newer states of events that are in it; the order stays. */
export function updated(list: Event[], states: Event[]): Event[] {
  const known = new Map(states.map((event) => [event.id, event]));
  return list.some(({ id }) => known.has(id)) ? list.map((event) => known.get(event.id) ?? event) : list;
}

/** Those of the newest page that are not in the list, and do not belong below its end. */
export function arrivals(list: Event[], page: Event[], more: boolean): Event[] {
  const known = new Set(list.map(({ id }) => id));
  const last = more ? list.at(-1) : undefined;
  return page.filter((event) => !known.has(event.id) && !(last && event.from < last.from));
}

/** Both, newest first, none of them twice. */
export function together(list: Event[], more: Event[]): Event[] {
  const known = new Set(list.map(({ id }) => id));
  return [...list, ...more.filter(({ id }) => !known.has(id))].sort(newer);
}

/** An event is shown from a little before it began. */
const LEAD_MS = 5_000;

/** Where it is played back; '' where there is nothing to play. */
export function playbackOf(event: Pick<Event, 'camera' | 'from'>): string {
  return event.camera ? `/playback/${event.camera}?at=${new Date(Date.parse(event.from) - LEAD_MS).toISOString()}` : '';
}

/** Thumbnails lie on disk after about this long. */
const THUMBNAIL_EDGE_MS = 15_000;

/** Its picture, or else the thumbnail of the footage of its beginning; '' where there can be none. */
export function pictureOf(event: Event, now: number): string {
  if (event.picture) return access.eventPicture(event.id, event.camera, event.from);
  if (!event.camera || event.kind === 'not-recorded' || Date.parse(event.from) > now - THUMBNAIL_EDGE_MS) return '';
  return access.thumbnail(event.camera, event.from);
}

/** Those of which a picture may be had for a reason only. */
export function needReason(list: Event[]): (Event & { camera: string })[] {
  return list.filter((event): event is Event & { camera: string } => {
    const ms = Date.parse(event.from);
    return event.camera !== null && (event.picture || event.kind !== 'not-recorded') && !access.opens(event.camera, ms, ms);
  });
}

const CAMERAS_MOST = 64;
const SPAN_MOST_MS = 30 * 86_400_000;

/** What a reason is asked for, so that pictures of these can be shown: as much as one grant opens, the newest first. */
export function reasonFor(list: (Event & { camera: string })[]): { cameras: string[]; span: { from: number; to: number } } {
  const times = list.map(({ from }) => Date.parse(from));
  const to = Math.max(...times) + 1000;
  const from = Math.max(Math.min(...times), to - SPAN_MOST_MS);
  return { cameras: [...new Set(list.map(({ camera }) => camera))].slice(0, CAMERAS_MOST), span: { from, to } };
}

/** The list by days of the site, newest first. */
export function byDay(list: Event[], zone: string): { day: string; ms: number; events: Event[] }[] {
  const days: { day: string; ms: number; events: Event[] }[] = [];
  for (const event of list) {
    const ms = Date.parse(event.from);
    const day = dateField(ms, zone);
    if (days.at(-1)?.day === day) days.at(-1)!.events.push(event);
    else days.push({ day, ms, events: [event] });
  }
  return days;
}

/** The event `by` places further on; the first or last where there is no further; undefined: there is none. */
export function neighbour(list: Event[], id: string, by: 1 | -1): Event | undefined {
  const at = list.findIndex((event) => event.id === id);
  return list[at < 0 ? 0 : Math.max(0, Math.min(list.length - 1, at + by))];
}

export const MARK_KEYS: Record<string, EventMark> = { s: 'seen', t: 'real', f: 'false-alarm' };

/** What a mark that is pressed becomes: pressed again it is taken off. */
export function pressed(event: Event, mark: EventMark): EventMark {
  return event.mark === mark ? null : mark;
}

export function isKind(text: string): text is EventKind {
  return (EVENT_KINDS as readonly string[]).includes(text);
}
