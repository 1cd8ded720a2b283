// The answers of /api/v1, as src/http/api/openapi.yaml describes them. Times are RFC 3339 UTC.

export type Time = string;

export type Role = 'admin' | 'commander' | 'officer' | 'village-head' | 'household' | 'auditor';
export const ROLES: readonly Role[] = [
  'admin',
  'commander',
  'officer',
  'village-head',
  'household',
  'auditor',
];

export interface Me {
  id: string;
  name: string;
  role: Role;
  language: string;
  actions: string[];
  site: { name: string; time_zone: string; no_tls: boolean };
  /** the server's clock */
  now?: Time;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Location {
  id: string;
  name: string;
  village: string;
  kind: string;
  latitude: number;
  longitude: number;
}

export const LOCATION_KINDS = [
  'crossroads',
  'market',
  'school',
  'gate',
  'alley',
  'bridge',
  'clinic',
  'office',
  'culture-house',
  'relic',
  'other',
] as const;

export type StreamName = 'main' | 'sub';
export type StreamState = 'connecting' | 'running' | 'stalled' | 'waiting' | 'paused';

export interface StreamStatus {
  state: StreamState;
  cause: string;
  cause_code?: string;
  since: Time | null;
  codec: string;
  rfc6381: string;
  width: number;
  height: number;
  audio: string;
  bitrate_bps: number;
  fps: number;
  key_interval_ms: number;
  last_picture: Time | null;
  lost_packets: number;
  reconnects: number;
  notes: string[];
}

export interface CameraStatus {
  state: StreamState;
  cause: string;
  cause_code?: string;
  since: Time | null;
  bitrate_bps: number;
  fps: number;
  last_picture: Time | null;
  durable: Time | null;
  gaps_today: number;
  recording: boolean;
  main: StreamStatus;
  sub: StreamStatus | null;
}

export interface Camera {
  id: string;
  name: string;
  location: string | null;
  url: string;
  sub_url: string | null;
  user: string | null;
  has_password: boolean;
  audio: boolean;
  paused: boolean;
  pause_reason: string | null;
  owner: string;
  /** null: as for the whole site */
  retention_days: number | null;
  retention_bytes: number | null;
  created: Time;
  locked: boolean;
  status: CameraStatus;
}

export interface CameraInput {
  name?: string;
  location?: string | null;
  url?: string;
  sub_url?: string | null;
  user?: string;
  password?: string;
  audio?: boolean;
  paused?: boolean;
  pause_reason?: string;
  /** 0: as for the whole site */
  retention_days?: number;
}

export interface Probe {
  codec: string;
  rfc6381: string;
  width: number;
  height: number;
  fps: number;
  audio: { codec: string; sample_rate_hz: number } | null;
  server: string;
  notes: string[];
  picture: string | null;
}

export interface Coverage {
  spans: { from: Time; to: Time }[];
  gaps: { from: Time; to: Time; cause: string }[];
}

export interface User {
  id: string;
  name: string;
  role: Role;
  disabled: boolean;
  created: Time;
}
