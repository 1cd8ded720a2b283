// Live pictures that are some seconds late: by HLS, for browsers that can decode the socket's pictures in no way
// (iPhones before iOS 17.1 have neither WebCodecs nor Media Source Extensions).

import { apiUrl, request } from '../api/client';
import type { StreamName, StreamState } from '../api/types';
import { decoderKind } from './decoder';
import { sightOf, type Sight } from './sight';

const HLS = 'application/vnd.apple.mpegurl';
/** H.265 in its plainest profile. */
const H265 = 'video/mp4; codecs="hvc1.1.6.L93.B0"';

/** From this age on a late picture is shown as old: the server names the last 20 s. */
export const LATE_MOST_MS = 45_000;

/** A film that does not go on for so long has broken off. */
export const STUCK_MS = 12_000;

/** Is it the only way of this browser to play live pictures? */
export function playsLate(video: Pick<HTMLVideoElement, 'canPlayType'> = document.createElement('video')): boolean {
  return decoderKind() === null && video.canPlayType(HLS) !== '';
}

export function lateUrl(camera: string, stream: StreamName, video: Pick<HTMLVideoElement, 'canPlayType'>): string {
  return apiUrl(`/cameras/${camera}/live.m3u8`, { stream, codec: video.canPlayType(H265) === '' ? 'h264' : undefined });
}

/** How often it is asked whether there is a film by now: after a break, or when masks were taken away. */
const AGAIN_MS = 10_000;

/** Tells whether the camera can be played so: at first either way (`again`: after a while), then once it can. The answer stops the asking. */
export function findLate(camera: string, stream: StreamName, again: boolean, tell: (there: boolean) => void): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async () => {
    const there = await request(lateUrl(camera, stream, document.createElement('video')), { signal: stop.signal }).then(
      () => true,
      () => false,
    );
    if (stop.signal.aborted) return;
    if (!there) timer = setTimeout(ask, AGAIN_MS);
    tell(there);
  };
  if (again) timer = setTimeout(ask, AGAIN_MS);
  else void ask();
  return () => {
    stop.abort();
    clearTimeout(timer);
  };
}

/** When the newest part of a playlist ends, ms since the epoch; null: it names none. */
export function newestMs(playlist: string): number | null {
  const times = [...playlist.matchAll(/^#EXT-X-PROGRAM-DATE-TIME:(.+)$/gm)];
  const lengths = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)];
  const begins = Date.parse(times.at(-1)?.[1] ?? '');
  const seconds = Number(lengths.at(-1)?.[1]);
  return Number.isNaN(begins) || Number.isNaN(seconds) ? null : begins + seconds * 1000;
}

/** What a video element says of where it is. */
export interface Place {
  currentTime: number;
  seekable: Pick<TimeRanges, 'length' | 'end'>;
  /** Chromium tells no range to seek in while the film goes on */
  buffered: Pick<TimeRanges, 'length' | 'end'>;
  /** Safari's: the time of `currentTime` 0 */
  getStartDate?(): Date;
}

const endOf = (ranges: Place['seekable']): number => (ranges.length === 0 ? -1 : ranges.end(ranges.length - 1));

/** Of so many askings for the newest moment the one counts that found the player up to date. */
const NOTES = 10;

/** When the picture was taken that is shown. */
export class LateClock {
  /** wall clock minus the film's, ms, if the player had the newest part when it was asked; else more by the parts it lacked */
  private readonly ahead: number[] = [];

  /** The playlist, asked for just now, ends at `newest`. */
  note(place: Place, newest: number | null): void {
    const end = Math.max(endOf(place.seekable), endOf(place.buffered));
    if (newest === null || end < place.currentTime) return;
    this.ahead.push(newest - end * 1000);
    if (this.ahead.length > NOTES) this.ahead.shift();
  }

  /** ms since the epoch, as the browser tells it, or by what was noted; null: not known. */
  shown(place: Place): number | null {
    if (place.currentTime <= 0) return null;
    const start = place.getStartDate?.().getTime() ?? NaN;
    if (!Number.isNaN(start)) return start + place.currentTime * 1000;
    return this.ahead.length === 0 ? null : place.currentTime * 1000 + Math.min(...this.ahead);
  }
}

/** The same of a late picture: some seconds are no trouble. `shown`: when it was taken. */
export function lateSight(shown: number | null, known: StreamState | undefined, nowMs: number): Sight {
  const sight = sightOf({ state: '', trouble: '' }, (shown ?? 0) * 1000, known, nowMs);
  const stale = sight.age === null || sight.age > LATE_MOST_MS;
  return { ...sight, stale, mark: sight.state === 'running' && stale && sight.age !== null ? 'stalled' : sight.state };
}
