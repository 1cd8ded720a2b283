// The small picture above the timeline: which one, and when it is asked for. The server keeps one of
// each ten seconds; one that rests for a moment is asked for, not each that is passed over.

import { apiUrl } from '../api/client';
import type { Span } from './coverage';

const SLOT_MS = 10_000;
const REST_MS = 80;
/** The newest is kept after about this long. */
const EDGE_MS = 15_000;

/** Address of the picture at this moment; '' where there is no footage, or not yet. */
export function previewUrl(camera: string, ms: number, spans: Span[], now: number): string {
  if (ms > now - EDGE_MS || !spans.some(({ from, to }) => ms >= from && ms < to)) return '';
  const at = Math.floor(ms / SLOT_MS) * SLOT_MS + SLOT_MS / 2;
  return apiUrl(`/cameras/${camera}/thumbnail.jpg`, { at: new Date(at).toISOString() });
}

export class Preview {
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `show` gets the address, '' for none, and the moment that it is of. */
  constructor(private readonly show: (url: string, ms: number) => void) {}

  /** Someone looks at this moment of the timeline; null: nobody does any more. */
  look(camera: string, ms: number | null, spans: Span[], now: number) {
    clearTimeout(this.timer);
    const url = ms === null ? '' : previewUrl(camera, ms, spans, now);
    if (!url) this.show('', 0);
    else this.timer = setTimeout(() => this.show(url, ms ?? 0), REST_MS);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
