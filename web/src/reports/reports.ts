// Reports as the app shows them: what a list asks for, how it is ordered, which cameras stand near, and where they
// are played back. Nothing here knows the page.

import { api, apiUrl } from '../api/client';
import type { Camera, Location, Report, ReportState } from '../api/types';
import { towards, type Degrees } from '../map/geometry';
import { isPlaced } from '../map/marks';
import { dayStart } from '../time/zone';
import { REPORT_KINDS, type ReportKind } from './kinds';

const PREFIX = '/api/v1'.length;

/** Which are shown: what waits or goes on, what I took, what is over, of what a copy or the erasure is wished, all. */
export const SHOWS = ['open', 'mine', 'over', 'wishing', 'all'] as const;
export type Show = (typeof SHOWS)[number];

export interface Filter {
  show: Show;
  kind: ReportKind | '';
}

const STATES: Record<Show, ReportState[]> = {
  open: ['new', 'taken'],
  mine: ['taken'],
  over: ['answered', 'rejected', 'joined'],
  wishing: [],
  all: [],
};

/** The filter in the address of the page. */
export function filterOf(query: URLSearchParams): Filter {
  const show = SHOWS.find((one) => one === query.get('show')) ?? 'open';
  return { show, kind: REPORT_KINDS.find((one) => one === query.get('kind')) ?? '' };
}

export function addressOf({ show, kind }: Filter): string {
  const query = new URLSearchParams();
  if (show !== 'open') query.set('show', show);
  if (kind) query.set('kind', kind);
  return `/reports${query.size > 0 ? `?${query}` : ''}`;
}

export const PAGE = 50;

export interface ReportPage {
  items: Report[];
  next: string | null;
}

export function pageOf({ show, kind }: Filter, cursor: string, signal?: AbortSignal): Promise<ReportPage> {
  const url = apiUrl('/reports', { state: STATES[show].join(), wishing: show === 'wishing' ? 'true' : '', kind, limit: PAGE, cursor });
  return api.get<ReportPage>(url.slice(PREFIX), signal);
}

/** Cameras of which footage is held that was not before. */
export function heldMore(before: Pick<Report, 'holds'>, after: Pick<Report, 'holds'>): number {
  const fresh = after.holds.slice(before.holds.length);
  return new Set(fresh.map(({ camera }) => camera)).size;
}

/** Those that nobody has taken, longest waiting first; those under way, and those that are over, newest first. */
export function grouped(list: readonly Report[]): { group: 'waiting' | 'taken' | 'over'; reports: Report[] }[] {
  const waiting = list.filter(({ state }) => state === 'new').sort((a, b) => a.told_at.localeCompare(b.told_at));
  const taken = list.filter(({ state }) => state === 'taken');
  const over = list.filter(({ state }) => state !== 'new' && state !== 'taken');
  const groups = [
    { group: 'waiting' as const, reports: waiting },
    { group: 'taken' as const, reports: taken },
    { group: 'over' as const, reports: over },
  ];
  return groups.filter(({ reports }) => reports.length > 0);
}

/** Where it was, as a point: told as one, or that of its location; null: in words only. */
export function pointOf(report: Pick<Report, 'place' | 'location'>, locations: readonly Location[]): Degrees | null {
  if (report.place) return { latitude: report.place.lat, longitude: report.place.lon };
  const location = locations.find(({ id }) => id === report.location);
  return location && isPlaced(location) ? { latitude: location.latitude, longitude: location.longitude } : null;
}

/** A camera further away than this shows nothing of it. */
const NEAR_M = 400;

/** The cameras that may have seen it, the nearest first; its own camera and those of its location before all others. */
export function camerasNear(report: Pick<Report, 'camera' | 'place' | 'location'>, cameras: readonly Camera[], locations: readonly Location[], most: number): Camera[] {
  const point = pointOf(report, locations);
  const metres = (camera: Camera) => {
    if (camera.id === report.camera) return -2;
    if (report.location && camera.location === report.location) return -1;
    const location = locations.find(({ id }) => id === camera.location);
    return point && location && isPlaced(location) ? towards(point, location).metres : Infinity;
  };
  return cameras
    .map((camera) => ({ camera, metres: metres(camera) }))
    .filter((one) => one.metres <= NEAR_M)
    .sort((a, b) => a.metres - b.metres)
    .slice(0, most)
    .map(({ camera }) => camera);
}

/** A span that is longer is looked through, not cut. */
const CUT_MOST_MS = 3_600_000;

/** Those cameras side by side at the beginning of its time; a short time comes marked, ready to be cut. */
export function playbackOf(report: Pick<Report, 'from' | 'to'>, cameras: readonly Pick<Camera, 'id'>[]): string {
  const span = Date.parse(report.to) - Date.parse(report.from);
  const to = span > 0 && span <= CUT_MOST_MS ? `&to=${encodeURIComponent(report.to)}` : '';
  return `/playback/${cameras.map(({ id }) => id).join()}?at=${encodeURIComponent(report.from)}${to}`;
}

/** What playback of it opens, and asks a reason for: the days of its time, with a little around. */
export function reasonSpan(report: Pick<Report, 'from' | 'to'>, zone: string): { from: number; to: number } {
  return { from: dayStart(Date.parse(report.from), zone) - 5 * 60_000, to: dayStart(Date.parse(report.to), zone, 1) + 15 * 60_000 };
}

export function attachmentUrl(report: Pick<Report, 'id'>, n: number): string {
  return apiUrl(`/reports/${report.id}/attachments/${n}`);
}
