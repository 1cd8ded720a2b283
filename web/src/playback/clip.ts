// Saves a clip: streamed with progress where the page can keep it, else handed to the browser's own
// download.

import { access } from '../access/access';
import { request } from '../api/client';
import { fileStamp } from '../time/zone';
import { plain } from '../cameras/search';

/** A clip that is larger than this is not gathered in the page's memory. */
const GATHER_MOST_BYTES = 400 << 20;

export interface ClipProgress {
  bytes: number;
  total: number;
}

/** "Cong-cho-20261124-210409-60s.mp4": letters that every file system and mailer takes. */
export function clipName(camera: string, from: number, to: number, zone: string): string {
  const words = plain(camera).replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${words || 'camera'}-${fileStamp(from, zone)}-${Math.round((to - from) / 1000)}s.mp4`;
}

export function clipUrl(camera: string, from: number, to: number, name: string): string {
  return access.url(camera, 'clip.mp4', { from, to }, {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    name,
  });
}

/** Downloads the clip; resolves when it is saved or handed over to the browser. */
export async function saveClip(url: string, name: string, signal: AbortSignal, progress: (now: ClipProgress) => void): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal.addEventListener('abort', abort);
  try {
    const response = await request(url, { signal: stop.signal });
    const total = Number(response.headers.get('Content-Length')) || 0;
    if (total > GATHER_MOST_BYTES || !response.body) {
      stop.abort();
      handOver(url, name);
      return;
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value as Uint8Array<ArrayBuffer>);
      bytes += value.byteLength;
      progress({ bytes, total });
    }
    const address = URL.createObjectURL(new Blob(parts, { type: 'video/mp4' }));
    handOver(address, name);
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A download of what stands at `address`, by the browser. */
export function handOver(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
