// Cameras from a file: what it may be, how its lines are told, and in which order pictures of them are asked for.

import type { components } from '../api/schema';
import type { Language } from '../texts/texts.svelte';

type Answer = components['schemas']['ImportedCameras'];
export type ImportedCamera = Answer['cameras'][number];
export type ImportFault = Answer['faults'][number];
export type Imported = Answer;

/** The server takes no larger one. */
export const TABLE_MOST = 1 << 20;

/** A picture of it, or what failed; both empty while it was not asked for. */
export interface Seen {
  picture: string;
  trouble: string;
}

/** A line of the table: its cameras (a recorder's line has several), and what is wrong with it. */
export interface Line {
  line: number;
  cameras: ImportedCamera[];
  faults: ImportFault[];
}

export function linesOf({ cameras, faults }: Imported): Line[] {
  const lines = new Map<number, Line>();
  const at = (line: number) => lines.get(line) ?? lines.set(line, { line, cameras: [], faults: [] }).get(line)!;
  for (const camera of cameras) at(camera.line).cameras.push(camera);
  for (const fault of faults) at(fault.line).faults.push(fault);
  return [...lines.values()].sort((a, b) => a.line - b.line);
}

/** Can something of it be added? */
export const isReady = ({ cameras, faults }: Line): boolean => faults.length === 0 && cameras.some(({ state }) => state === 'new' || state === 'failed');

export const countOf = (lines: readonly Line[], state: ImportedCamera['state']): number =>
  lines.reduce((sum, line) => sum + line.cameras.filter((camera) => camera.state === state).length, 0);

/** How many cameras the lines without a fault would make. */
export const countReady = (lines: readonly Line[]): number => countOf(lines.filter(isReady), 'new') + countOf(lines.filter(isReady), 'failed');

export const keyOf = ({ line, channel }: ImportedCamera): string => `${line}/${channel}`;

/** Whose place it has on the network, in lower case: what is asked of one at a time. */
export function placeOf({ url, host }: ImportedCamera): string {
  const match = /^[a-z]+:\/\/(\[[^\]]+\]|[^/:?#]+)/i.exec(url ?? '') ?? /^(\[[^\]]+\]|[^/:?#]+)/.exec(host ?? '');
  return match ? match[1]!.toLowerCase() : '';
}

/** The next camera to ask for a picture; recorders choke on several questions, so never two at one place. */
export function nextToAsk(waiting: readonly ImportedCamera[], asked: ReadonlySet<string>): ImportedCamera | undefined {
  return waiting.find((camera) => !asked.has(placeOf(camera)));
}

/** The text of a file as spreadsheets save it; null: it is no text. */
export function tableText(bytes: Uint8Array): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const SAMPLE = {
  vi: [
    ['name', 'location', 'village', 'kind', 'url', 'sub-url', 'host', 'make', 'channels', 'user', 'password'],
    ['Cổng chợ', 'Chợ', 'Bản Nà', 'market', '', '', '192.168.2.10', 'dahua', '', 'admin', 'mật-khẩu'],
    ['Trụ sở', 'Trụ sở xã', 'Bản Nà', 'office', '', '', '192.168.2.20', 'hikvision', '1-4', 'admin', 'mật-khẩu'],
    ['Cầu treo', 'Cầu treo', 'Bản Bua', 'bridge', '', '', '192.168.2.30', 'onvif', '', 'admin', 'mật-khẩu'],
    ['Ngã ba', 'Ngã ba', 'Bản Bua', 'crossroads', 'rtsp://192.168.2.40/main', 'rtsp://192.168.2.40/sub', '', '', '', 'admin', 'mật-khẩu'],
  ],
  en: [
    ['name', 'location', 'village', 'kind', 'url', 'sub-url', 'host', 'make', 'channels', 'user', 'password'],
    ['Market gate', 'Market', 'Ban Na', 'market', '', '', '192.168.2.10', 'dahua', '', 'admin', 'password'],
    ['Office', 'Commune office', 'Ban Na', 'office', '', '', '192.168.2.20', 'hikvision', '1-4', 'admin', 'password'],
    ['Bridge', 'Bridge', 'Ban Bua', 'bridge', '', '', '192.168.2.30', 'onvif', '', 'admin', 'password'],
    ['Crossroads', 'Crossroads', 'Ban Bua', 'crossroads', 'rtsp://192.168.2.40/main', 'rtsp://192.168.2.40/sub', '', '', '', 'admin', 'password'],
  ],
} satisfies Record<Language, string[][]>;

/** A table to begin with, as spreadsheets of that country open it: with the mark of UTF-8, parted by what their lists are. */
export function sampleTable(language: Language): string {
  const separator = language === 'vi' ? ';' : ',';
  return '\ufeff' + SAMPLE[language].map((row) => row.join(separator) + '\r\n').join('');
}
