// The small picture above the timeline: which one stands for a moment. The server keeps one of each ten
// seconds.

import { access } from '../access/access';
import type { Span } from './coverage';
import { smallPictures, type SmallPictures } from './small-pictures';

const SLOT_MS = 10_000;
/** The newest is kept after about this long. */
const EDGE_MS = 15_000;

/** The middle of the ten seconds that this moment belongs to. */
function slotOf(ms: number): number {
  return Math.floor(ms / SLOT_MS) * SLOT_MS + SLOT_MS / 2;
}

/** Address of the picture at this moment; '' where there is no footage, or not yet. */
export function previewUrl(camera: string, ms: number, spans: Span[], now: number): string {
  if (ms > now - EDGE_MS || !spans.some(({ from, to }) => ms >= from && ms < to)) return '';
  return access.thumbnail(camera, new Date(slotOf(ms)).toISOString());
}

/** A picture of about this moment; '' where the server has none. */
export interface Previewed {
  picture: string;
  ms: number;
}

/** One place that shows the picture of the moment under a finger. */
export class Preview {
  private looking = false;

  /** `show` gets null when nobody looks, or where there is no footage. */
  constructor(
    private readonly show: (what: Previewed | null) => void,
    private readonly pictures: SmallPictures = smallPictures,
  ) {}

  /** Someone looks at this moment of the timeline; null: nobody does any more. */
  look(camera: string, ms: number | null, spans: Span[], now: number): void {
    const url = ms === null ? '' : previewUrl(camera, ms, spans, now);
    this.looking = url !== '';
    if (!this.looking || ms === null) {
      this.pictures.leave(this);
      this.show(null);
      return;
    }
    this.pictures.want(this, url, (picture) => {
      if (this.looking) this.show({ picture, ms: slotOf(ms) });
    });
  }

  stop(): void {
    this.looking = false;
    this.pictures.leave(this);
  }
}
