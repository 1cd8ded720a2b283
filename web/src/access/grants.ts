// The grants that this session has: which spans of which cameras a told reason has opened. They outlive
// a reload of the page, not the tab.

import { api, apiUrl } from '../api/client';
import type { Me } from '../api/types';
import type { Why } from './reason';

export interface Span {
  from: number;
  to: number;
}

/** A part of a span that may be asked for now; `grant`: what opens it, if it needs one. */
export interface OpenPart extends Span {
  grant?: string;
}

interface Grant extends Span {
  cameras: string[];
  text: string;
  expires: number;
  why: Why;
}

interface Kept {
  account: string;
  grants: Grant[];
  last: Why | null;
}

const KEPT = 'grants';
/** A grant that ends this soon is not begun with. */
const SOON_MS = 60_000;
/** What is as young as this above the edge is still young when the server is asked. */
const EDGE_MS = 5_000;

export class Grants {
  private kept: Kept = { account: '', grants: [], last: null };
  private afterMs = 0;
  /** goes up with each grant that comes or goes: what was asked for before may be more now */
  changes = 0;

  constructor(
    private readonly store: Pick<Storage, 'getItem' | 'setItem'> | undefined,
    private readonly now: () => number,
  ) {}

  /** Who is signed in, and from which age on the site asks; another person begins without any. */
  enter(me: Me): void {
    this.afterMs = me.site.reason_after_s * 1000;
    if (this.kept.account !== me.id) this.kept = this.read(me.id);
  }

  private read(account: string): Kept {
    const none: Kept = { account, grants: [], last: null };
    try {
      const kept = JSON.parse(this.store?.getItem(KEPT) ?? 'null') as Kept | null;
      return kept?.account === account ? kept : none;
    } catch {
      return none;
    }
  }

  private write(): void {
    try {
      this.store?.setItem(KEPT, JSON.stringify(this.kept));
    } catch {
      // a full or forbidden store: asked again after a reload
    }
  }

  /** What was told last; offered again. */
  get last(): Why | null {
    return this.kept.last;
  }

  /** Does footage of this moment need a reason? */
  needs(ms: number): boolean {
    return this.afterMs > 0 && ms < this.now() - this.afterMs;
  }

  private find(camera: string, from: number, to: number): Grant | undefined {
    return this.kept.grants.find((one) => one.cameras.includes(camera) && one.from <= from && one.to >= to && one.expires > this.now() + SOON_MS);
  }

  /** The text of a grant to look at all of this; undefined: there is none. */
  of(camera: string, from: number, to: number): string | undefined {
    // what is young needs none
    return this.find(camera, from, Math.max(from, Math.min(to, this.now() - this.afterMs)))?.text;
  }

  /** The same to take all of it out, which needs one however young it is. */
  taking(camera: string, from: number, to: number): string | undefined {
    return this.find(camera, from, to)?.text;
  }

  /** Why this moment of a camera is looked at; null: nothing was told for it. */
  why(camera: string, ms: number): Why | null {
    return this.find(camera, ms, ms)?.why ?? null;
  }

  /** May this be asked for now? */
  opens(camera: string, from: number, to: number): boolean {
    return !this.needs(from) || this.of(camera, from, to) !== undefined;
  }

  /** What of this may be asked for now, in order. */
  parts(camera: string, from: number, to: number): OpenPart[] {
    const young = this.now() - this.afterMs;
    if (this.afterMs === 0) return [{ from, to }];
    const told = this.kept.grants
      .filter((one) => one.cameras.includes(camera) && one.expires > this.now() + SOON_MS)
      .map((one): OpenPart => ({ from: Math.max(from, one.from), to: one.to >= young ? to : Math.min(to, one.to), grant: one.text }));
    const all = [...told, { from: Math.max(from, young + EDGE_MS), to }].sort((a, b) => a.from - b.from || b.to - a.to);
    const parts: OpenPart[] = [];
    for (const part of all) {
      const start = Math.max(part.from, parts.at(-1)?.to ?? from);
      if (start < part.to) parts.push({ ...part, from: start });
    }
    return parts;
  }

  /** The address of footage from–to of a camera, with the grant that opens it, if there is one. */
  url(camera: string, what: string, span: Span, query: Record<string, string | number | undefined>): string {
    return apiUrl(`/cameras/${camera}/${what}`, { ...query, grant: this.of(camera, span.from, span.to) });
  }

  /** The address of a small picture; '' where a reason has to be told first. */
  thumbnail(camera: string, at: string): string {
    const ms = Date.parse(at);
    return this.opens(camera, ms, ms) ? this.url(camera, 'thumbnail.jpg', { from: ms, to: ms }, { at }) : '';
  }

  /** The address of the picture of an event; '' where a reason has to be told first. */
  eventPicture(event: string, camera: string | null, at: string): string {
    const ms = Date.parse(at);
    if (camera && !this.opens(camera, ms, ms)) return '';
    return apiUrl(`/events/${event}/picture.jpg`, { grant: camera ? this.of(camera, ms, ms) : undefined });
  }

  /** The server did not take it: as after its restart. */
  drop(camera: string, from: number, to: number, text = this.of(camera, from, to)): void {
    if (text === undefined) return;
    this.kept.grants = this.kept.grants.filter((one) => one.text !== text);
    this.changes++;
    this.write();
  }

  async tell(cameras: string[], span: Span, why: Why): Promise<void> {
    const { grant, expires } = await api.post<{ grant: string; expires: string }>('/access', {
      cameras,
      from: new Date(span.from).toISOString(),
      to: new Date(span.to).toISOString(),
      ...why,
    });
    this.kept.grants = [...this.kept.grants.filter((one) => one.expires > this.now()), { ...span, cameras, text: grant, expires: Date.parse(expires), why }];
    this.kept.last = why;
    this.changes++;
    this.write();
  }
}
