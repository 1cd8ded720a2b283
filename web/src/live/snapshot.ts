// Saves the picture that a camera shows now. The server makes it, so that it is the camera's own
// and stands in the audit log.

import { access } from '../access/access';
import { apiUrl, file, Problem } from '../api/client';
import { plain } from '../cameras/search';
import { handOver } from '../playback/clip';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';
import { fileStamp } from '../time/zone';
import type { Picture } from './decoder';
import type { Feed } from './feed';

/** "Cong-cho-20261124-210409.jpg": letters that every file system and mailer takes. */
export function snapshotName(camera: string, ms: number, zone: string): string {
  const words = plain(camera).replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  return `${words || 'camera'}-${fileStamp(ms, zone)}.jpg`;
}

/** The newest picture that the server has, and when it was captured. */
export async function takeSnapshot(camera: string): Promise<{ jpeg: Blob; takenMs: number }> {
  const { blob, headers } = await file(apiUrl(`/cameras/${camera}/snapshot.jpg`));
  const taken = Date.parse(headers.get('Footage-Time') ?? '');
  return { jpeg: blob, takenMs: Number.isNaN(taken) ? Date.now() : taken };
}

/** One picture, where the stream cannot be had, on the feed of that camera: by the time it is there another one may be looked at. */
export async function showStill(camera: string, feed: Pick<Feed, 'show'>): Promise<void> {
  const { jpeg, takenMs } = await takeSnapshot(camera);
  const image = await createImageBitmap(jpeg);
  feed.show({ image, width: image.width, height: image.height, captureUs: takenMs * 1000, close: () => image.close() });
}

/** A small picture of a moment just past; null where none may be looked at, or is there. */
export async function takeThumbnail(camera: string, ms: number): Promise<Picture | null> {
  const address = access.thumbnail(camera, new Date(ms).toISOString());
  const got = address ? await file(address).catch(() => null) : null;
  const image = got && (await createImageBitmap(got.blob).catch(() => null));
  const taken = Date.parse(got?.headers.get('Footage-Time') ?? '') || ms;
  return image && { image, width: image.width, height: image.height, captureUs: taken * 1000, close: () => image.close() };
}

/** Why there is none, in words. A camera that sends nothing is not a server that is busy. */
export function whyNoSnapshot(problem: unknown, state: string): string {
  const none = problem instanceof Problem && problem.status === 503 && state !== 'running';
  return none ? t('live.noPicture') : problemText(problem);
}

/** Returns the name under which it was saved. */
export async function saveSnapshot(camera: { id: string; name: string }, zone: string): Promise<string> {
  const { jpeg, takenMs } = await takeSnapshot(camera.id);
  const name = snapshotName(camera.name, takenMs, zone);
  const address = URL.createObjectURL(jpeg);
  handOver(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return name;
}
