// Saves a clip: streamed with progress where the page can keep it, else handed to the browser's own
// download.

import { access } from '../access/access';
import { apiUrl } from '../api/client';
import { fileStamp } from '../time/zone';
import { plain } from '../cameras/search';
import { pull, TooLarge, type Pulled } from './pull';

/** A clip that is larger than this is not gathered in the page's memory. */
const GATHER_MOST_BYTES = 400 << 20;

/** "Cong-cho-20261124-210409-60s.mp4": letters that every file system and mailer takes. */
export function clipName(camera: string, from: number, to: number, zone: string): string {
  const words = plain(camera).replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${words || 'camera'}-${fileStamp(from, zone)}-${Math.round((to - from) / 1000)}s.mp4`;
}

export function clipUrl(camera: string, from: number, to: number, name: string): string {
  return apiUrl(`/cameras/${camera}/clip.mp4`, {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    name,
    grant: access.taking(camera, from, to),
  });
}

/**
 * Downloads the clip, over a line that breaks too; resolves when it is saved, or handed over to the browser's own download since it
 * is too large for the page.
 */
export async function saveClip(url: string, name: string, signal: AbortSignal, progress: (now: Pulled) => void): Promise<'saved' | 'handed'> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  try {
    await pull(url, (piece) => void parts.push(piece), { signal, progress, most: GATHER_MOST_BYTES });
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error;
    handOver(url, name);
    return 'handed';
  }
  offer(parts, 'video/mp4', name);
  return 'saved';
}

/** A download of what the page has gathered. */
export function offer(parts: BlobPart[], type: string, name: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  handOver(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A download of what stands at `address`, by the browser. */
export function handOver(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
