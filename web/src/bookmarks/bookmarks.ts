// Moments and spans that people want to find again: where one is shown, what a list asks for, and which
// stand on a timeline.

import { api, apiUrl } from '../api/client';
import type { Bookmark } from '../api/types';

const PREFIX = '/api/v1'.length;

export interface BookmarkPage {
  items: Bookmark[];
  next: string | null;
}

export interface Wanted {
  words: string;
  /** only one's own */
  own: boolean;
}

/** The address of the list's page holds what is looked for. */
export function wantedOf(query: URLSearchParams): Wanted {
  return { words: query.get('q') ?? '', own: query.get('who') === 'me' };
}

export function addressOf({ words, own }: Wanted): string {
  const query = new URLSearchParams();
  if (words.trim()) query.set('q', words.trim());
  if (own) query.set('who', 'me');
  return `/bookmarks${query.size > 0 ? `?${query}` : ''}`;
}

export function pageOf({ words, own }: Wanted, cursor: string, signal?: AbortSignal): Promise<BookmarkPage> {
  const url = apiUrl('/bookmarks', { q: words.trim(), who: own ? 'me' : '', limit: 50, cursor });
  return api.get<BookmarkPage>(url.slice(PREFIX), signal);
}

/** Where it is played back: a span as a stretch from–to, ready to be cut. */
export function playbackOf(bookmark: Pick<Bookmark, 'camera' | 'from' | 'to'>): string {
  const until = bookmark.to ? `&to=${encodeURIComponent(bookmark.to)}` : '';
  return `/playback/${bookmark.camera}?at=${encodeURIComponent(bookmark.from)}${until}`;
}

/** As it is made again after it was removed. */
export function again({ camera, from, to, note, shared }: Bookmark) {
  return { camera, from, to, note, shared };
}

/** One on the timeline, milliseconds; a moment has `to` = `from`. */
export interface Flag {
  camera: string;
  from: number;
  to: number;
  note: string;
}

export function flagOf({ camera, from, to, note }: Bookmark): Flag {
  const begin = Date.parse(from);
  return { camera, from: begin, to: to ? Date.parse(to) : begin, note };
}

/** The one at this moment, give or take `slack`; the nearest beginning of several. */
export function flagAt(flags: Flag[], camera: string, ms: number, slack: number): Flag | undefined {
  return flags
    .filter((flag) => flag.camera === camera && ms >= flag.from - slack && ms <= flag.to + slack)
    .sort((a, b) => Math.abs(a.from - ms) - Math.abs(b.from - ms))[0];
}

const FRESH_MS = 30_000;
const FLAGS_MOST = 500;

/** Those of the stretch that a timeline shows; asked for again when it leaves what is known. */
export class Flags {
  private known = { from: 0, to: 0, asked: 0 };

  constructor(private readonly ask = (url: string) => api.get<BookmarkPage>(url)) {}

  /** null: what is shown still holds. */
  async load(from: number, to: number, now: number): Promise<Flag[] | null> {
    const { known } = this;
    if (from >= known.from && to <= known.to && now - known.asked < FRESH_MS) return null;
    const wide = to - from;
    const wish = { from: from - wide, to: to + wide, asked: now };
    this.known = wish;
    try {
      const iso = (ms: number) => new Date(ms).toISOString();
      const page = await this.ask(apiUrl('/bookmarks', { from: iso(wish.from), to: iso(wish.to), limit: FLAGS_MOST }).slice(PREFIX));
      return page.items.map(flagOf);
    } catch {
      if (this.known === wish) this.forget();
      return null; // the timeline does without, and asks again
    }
  }

  /** Something changed: all is asked for anew. */
  forget(): void {
    this.known = { from: 0, to: 0, asked: 0 };
  }
}
