// What footage there is of a camera: spans and gaps as the server tells them, kept in pieces so
// that moving along the timeline asks only for what is not known yet.

import { api } from '../api/client';
import type { Coverage } from '../api/types';

export interface Span {
  from: number;
  to: number;
}

export interface Gap extends Span {
  cause: string;
}

/** Length of a piece. Pieces begin at multiples of it, in UTC. */
export const PIECE_MS = 6 * 3_600_000;
/** A piece that reaches into the present is asked for again after this time. */
const FRESH_MS = 4_000;

interface Piece {
  spans: Span[];
  gaps: Gap[];
  asked: number;
  complete: boolean;
}

export type AskCoverage = (from: number, to: number) => Promise<Coverage>;

export class CoverageStore {
  private readonly pieces = new Map<number, Piece>();
  private readonly asking = new Set<string>();

  constructor(
    private readonly ask: AskCoverage,
    private readonly now: () => number,
    private readonly freshMs = FRESH_MS,
  ) {}

  /** Asks for what is missing between the two; true when something new came. */
  async load(from: number, to: number): Promise<boolean> {
    const now = this.now();
    const wanted: number[] = [];
    for (let start = Math.floor(from / PIECE_MS) * PIECE_MS; start < to && start < now; start += PIECE_MS) {
      const piece = this.pieces.get(start);
      if (!piece || (!piece.complete && now - piece.asked > this.freshMs)) wanted.push(start);
    }
    let news = false;
    for (const [first, last] of runs(wanted)) {
      news = (await this.fetch(first, last + PIECE_MS)) || news;
    }
    return news;
  }

  private async fetch(from: number, to: number): Promise<boolean> {
    const key = `${from}-${to}`;
    if (this.asking.has(key)) return false;
    this.asking.add(key);
    try {
      const asked = this.now();
      const answer = await this.ask(from, Math.min(to, asked));
      const spans = answer.spans.map((span) => ({ from: Date.parse(span.from), to: Date.parse(span.to) }));
      const gaps = answer.gaps.map((gap) => ({ from: Date.parse(gap.from), to: Date.parse(gap.to), cause: gap.cause }));
      for (let start = from; start < to; start += PIECE_MS) {
        const end = start + PIECE_MS;
        this.pieces.set(start, {
          spans: within(spans, start, end),
          gaps: within(gaps, start, end),
          asked,
          complete: end < asked - 60_000,
        });
      }
      return true;
    } finally {
      this.asking.delete(key);
    }
  }

  spans(from: number, to: number): Span[] {
    return joined(this.collect(from, to, (piece) => piece.spans));
  }

  gaps(from: number, to: number): Gap[] {
    return joined(this.collect(from, to, (piece) => piece.gaps));
  }

  private collect<T extends Span>(from: number, to: number, pick: (piece: Piece) => T[]): T[] {
    const found: T[] = [];
    for (let start = Math.floor(from / PIECE_MS) * PIECE_MS; start < to; start += PIECE_MS) {
      const piece = this.pieces.get(start);
      if (piece) found.push(...within(pick(piece), from, to));
    }
    return found;
  }
}

function within<T extends Span>(all: T[], from: number, to: number): T[] {
  return all
    .filter((one) => one.to > from && one.from < to)
    .map((one) => ({ ...one, from: Math.max(from, one.from), to: Math.min(to, one.to) }));
}

/** What was cut at the edge of a piece is put together again. */
function joined<T extends Span & { cause?: string }>(all: T[]): T[] {
  const out: T[] = [];
  for (const one of all) {
    const last = out.at(-1);
    if (last && last.to === one.from && last.cause === one.cause) last.to = one.to;
    else out.push({ ...one });
  }
  return out;
}

/** Neighbouring pieces, asked for at once. */
function runs(starts: number[]): [number, number][] {
  const out: [number, number][] = [];
  for (const start of starts) {
    const last = out.at(-1);
    if (last && last[1] + PIECE_MS === start) last[1] = start;
    else out.push([start, start]);
  }
  return out;
}

export function askServer(camera: string): AskCoverage {
  return (from, to) =>
    api.get<Coverage>(
      `/cameras/${camera}/coverage?from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`,
    );
}

/** The first moment of footage at or after `ms`, or null. */
export function nextFootage(spans: Span[], ms: number): number | null {
  const span = spans.find((one) => one.to > ms);
  return span ? Math.max(ms, span.from) : null;
}

/** The footage nearest to `ms`, its own edge a little inside; null when there is none. */
export function nearestFootage(spans: Span[], ms: number): number | null {
  let nearest: number | null = null;
  for (const { from, to } of spans) {
    const inside = Math.max(from, Math.min(ms, to - Math.min(2_000, (to - from) / 2)));
    if (nearest === null || Math.abs(inside - ms) < Math.abs(nearest - ms)) nearest = inside;
  }
  return nearest;
}

/** How much is missing between the two, and why: each cause with its milliseconds, most first. */
export function missing(gaps: Gap[], from: number, to: number): { cause: string; ms: number }[] {
  const sums = new Map<string, number>();
  for (const gap of within(gaps, from, to)) sums.set(gap.cause, (sums.get(gap.cause) ?? 0) + gap.to - gap.from);
  return [...sums].map(([cause, ms]) => ({ cause, ms })).sort((a, b) => b.ms - a.ms);
}
