// The list of events of one filter: its pages, what came since, and what people think of them.

import { api } from '../api/client';
import type { Event, EventMark } from '../api/types';
import { arrivals, pageUrl, together, updated, type Filter } from './events';

const PAGE = 50;
/** Of the newest, when what came since is asked for. */
const NEWS = 40;
/** The server marks so many at once. */
const AT_ONCE = 200;
const PREFIX = '/api/v1'.length;

interface Page {
  items: Event[];
  next: string | null;
}

export class EventList {
  events = $state.raw<Event[]>([]);
  /** came since, and not shown yet: the list must not move by itself */
  news = $state.raw<Event[]>([]);
  /** so much came that only reading anew shows it all */
  outdated = $state(false);
  next = $state<string | null>(null);
  busy = $state(false);
  loaded = $state(false);
  /** what went wrong the last time */
  error = $state.raw<unknown>(null);
  /** how far down it was looked at, pixels */
  scroll = 0;
  private stop = new AbortController();
  private asking = false;

  constructor(
    readonly filter: Filter,
    private readonly zone: string,
  ) {}

  /** From the newest on, or what follows. */
  async load(more: boolean): Promise<void> {
    this.stop.abort();
    const mine = (this.stop = new AbortController());
    this.busy = true;
    try {
      const page = await this.page(PAGE, more ? (this.next ?? '') : '', mine.signal);
      this.events = more ? together(this.events, page.items) : page.items;
      this.next = page.next;
      this.error = null;
      this.loaded = true;
      if (!more) [this.news, this.outdated] = [[], false];
    } catch (error) {
      if (!mine.signal.aborted) this.error = error;
    } finally {
      if (mine === this.stop) this.busy = false;
    }
  }

  /** Asks what came since, quietly. */
  async refresh(): Promise<void> {
    if (this.busy || this.asking || !this.loaded) return;
    this.asking = true;
    try {
      const { items } = await this.page(NEWS, '');
      this.events = updated(this.events, items);
      this.news = arrivals(this.events, items, this.next !== null);
      this.outdated = this.news.length === NEWS;
      this.error = null;
      if (this.events.length === 0) this.showNews();
    } catch (error) {
      this.error = error;
    } finally {
      this.asking = false;
    }
  }

  showNews(): void {
    if (this.outdated) return void this.load(false);
    this.events = together(this.events, this.news);
    this.news = [];
  }

  /** Sets the mark, at once on the screen; throws when the server did not take it. */
  async mark(event: Event, mark: EventMark): Promise<void> {
    const was = this.events.find(({ id }) => id === event.id) ?? event;
    this.events = updated(this.events, [{ ...was, mark, marked_by: null }]);
    try {
      this.events = updated(this.events, [await api.patch<Event>(`/events/${event.id}`, { mark })]);
    } catch (error) {
      this.events = updated(this.events, [was]);
      throw error;
    }
  }

  /** Marks all of these as seen, those without a mark, or takes that back. */
  async seeAll(ids: string[], seen: boolean): Promise<void> {
    for (let i = 0; i < ids.length; i += AT_ONCE) {
      const { items } = await api.patch<{ items: Event[] }>('/events', { ids: ids.slice(i, i + AT_ONCE), seen });
      this.events = updated(this.events, items);
    }
  }

  close(): void {
    this.stop.abort();
  }

  private page(limit: number, cursor: string, signal?: AbortSignal): Promise<Page> {
    return api.get<Page>(pageUrl(this.filter, this.zone, limit, cursor).slice(PREFIX), signal);
  }
}
