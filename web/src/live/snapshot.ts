// Saves the picture that a camera shows now. The server makes it, so that it is the camera's own
// and stands in the audit log.

import { apiUrl, request } from '../api/client';
import { plain } from '../cameras/search';
import { handOver } from '../playback/clip';
import { fileStamp } from '../time/zone';

/** "Cong-cho-20261124-210409.jpg": letters that every file system and mailer takes. */
export function snapshotName(camera: string, ms: number, zone: string): string {
  const words = plain(camera).replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${words || 'camera'}-${fileStamp(ms, zone)}.jpg`;
}

/** Returns the name under which it was saved. */
export async function saveSnapshot(camera: { id: string; name: string }, zone: string): Promise<string> {
  const response = await request(apiUrl(`/cameras/${camera.id}/snapshot.jpg`));
  const taken = Date.parse(response.headers.get('Footage-Time') ?? '');
  const name = snapshotName(camera.name, Number.isNaN(taken) ? Date.now() : taken, zone);
  const address = URL.createObjectURL(await response.blob());
  handOver(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}
