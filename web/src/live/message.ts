// The messages of WS /api/v1/live, as docs/reference/live.md describes them.

import type { StreamName, StreamState, Time } from '../api/types';
import type { CaseNews } from '../cases/news.svelte';
import type { PackageNews } from '../packages/package-news.svelte';
import type { ReportNews } from '../reports/report-news.svelte';
import type { NewSignIn } from '../shell/sign-ins.svelte';
import type { Trouble } from '../shell/troubles.svelte';

export interface Unit {
  key: boolean;
  init: boolean;
  discontinuity: boolean;
  audio: boolean;
  stream: number;
  sequence: number;
  captureUs: number;
  payload: Uint8Array<ArrayBuffer>;
}

const FLAG_KEY = 1;
const FLAG_INIT = 2;
const FLAG_DISCONTINUITY = 4;
const FLAG_AUDIO = 8;
const FLAG_FILLER = 16;
const HEADER = 24;

/** A binary message; null when it is not one of version 1, or says nothing. */
export function parseUnit(message: ArrayBuffer): Unit | null {
  if (message.byteLength < HEADER) return null;
  const view = new DataView(message);
  const header = view.getUint16(2);
  if (view.getUint8(0) !== 1 || header < HEADER || header > message.byteLength) return null;
  const flags = view.getUint8(1);
  if (flags & FLAG_FILLER) return null;
  return {
    key: (flags & FLAG_KEY) !== 0,
    init: (flags & FLAG_INIT) !== 0,
    discontinuity: (flags & FLAG_DISCONTINUITY) !== 0,
    audio: (flags & FLAG_AUDIO) !== 0,
    stream: view.getUint32(4),
    sequence: Number(view.getBigUint64(8)),
    captureUs: Number(view.getBigInt64(16)),
    payload: new Uint8Array(message, header),
  };
}

export interface Subscribed {
  op: 'subscribed';
  camera: string;
  stream: StreamName;
  id: number;
  codec: string;
  /** the server makes it of the camera's H.265 */
  transcoded?: boolean;
  /** the server has covered parts of it */
  masked?: boolean;
  width: number;
  height: number;
  audio: string;
}

export type LiveEvent =
  | Subscribed
  | { op: 'unsubscribed'; camera: string }
  | { op: 'state'; camera: string; state: StreamState; cause: string; cause_code?: string; since: Time }
  | ({ op: 'event' } & Trouble)
  | ({ op: 'sign-in' } & NewSignIn)
  | ({ op: 'report' } & ReportNews)
  | ({ op: 'case' } & CaseNews)
  | ({ op: 'package' } & PackageNews)
  | { op: 'mask'; camera: string }
  | { op: 'change'; camera?: undefined }
  | { op: 'lost'; camera: string; pictures: number }
  | { op: 'lowered' | 'raised'; camera: string; stream: StreamName; pictures: 'all' | 'key'; cause?: string }
  | { op: 'error'; camera: string; detail: string; cause?: string };

const EVENTS = new Set(['subscribed', 'unsubscribed', 'state', 'event', 'sign-in', 'report', 'case', 'package', 'mask', 'change', 'lost', 'lowered', 'raised', 'error']);

/** Tell of something else than a camera. */
const OF_NO_CAMERA = new Set(['sign-in', 'report', 'case', 'package', 'change']);

/** A text message; null for one that this version does not know. */
export function parseEvent(text: string): LiveEvent | null {
  try {
    const value = JSON.parse(text) as { op?: unknown; camera?: unknown };
    const known = typeof value.op === 'string' && EVENTS.has(value.op);
    const placed = typeof value.camera === 'string' || (value.op === 'event' && value.camera === null) || (typeof value.op === 'string' && OF_NO_CAMERA.has(value.op));
    return known && placed ? (value as LiveEvent) : null;
  } catch {
    return null;
  }
}
