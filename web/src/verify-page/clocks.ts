// What time.json says of the cameras' own clocks: as they were read near three moments.

import { LineReader } from './line';
import { FORMAT_CLOCKS, type Manifest } from './manifest';

export const MOMENTS = ['start', 'end', 'export'] as const;
const CLOCKS_MOST = 64 * MOMENTS.length;
const OFFSET_MOST_US = 2 ** 53;

/** null: not known. */
export type Clock = {
  /** the camera's clock minus the node's */
  offset: number;
  /** by which that may be wrong, either way */
  doubt: number;
  /** when it was read */
  read: number;
} | null;

export interface PackageTime {
  at: number;
  ntp: number;
  /** three of each camera; null of the first format, which does not tell */
  clocks: Clock[] | null;
}

function readClock(reader: LineReader): Clock {
  const values: number[] = [];
  reader.array(null);
  if (reader.item()) reader.uuid(null);
  if (reader.item()) reader.chars(null, 31);
  while (reader.item()) values.push(reader.int(null));
  const [offset, doubt, read] = values;
  if (values.length === 0) return null;
  if (offset === undefined || doubt === undefined || !read || values.length > 3) {
    reader.fail();
    return null;
  }
  return { offset, doubt, read };
}

/** When time.json says that the package was made, what NTP said then, and what is known of the cameras' clocks. */
export function readTime(text: string, bytes: Uint8Array): PackageTime {
  const reader = new LineReader(text, bytes);
  reader.start('time');
  const at = reader.int('at_us');
  const ntp = reader.int('ntp_us');
  if (reader.failed || !reader.nextIs('clocks')) return { at, ntp, clocks: null };
  const clocks: Clock[] = [];
  reader.items('clocks', () => {
    clocks.push(readClock(reader));
    if (clocks.length > CLOCKS_MOST) reader.fail();
  });
  return { at, ntp, clocks };
}

export function clocksText(cameras: string[], clocks: Clock[]): string {
  const items = clocks.map((clock, i) => {
    const values = clock ? `,${clock.offset},${clock.doubt},${clock.read}` : '';
    return `["${cameras[Math.floor(i / MOMENTS.length)]}","${MOMENTS[i % MOMENTS.length]}"${values}]`;
  });
  return `[${items.join(',')}]`;
}

/** Of each camera the moments, as the manifest's format has them. */
export const hasClocks = ({ clocks }: PackageTime, { format }: Manifest, cameras: number): boolean =>
  format < FORMAT_CLOCKS ? clocks === null : clocks?.length === cameras * MOMENTS.length;

/** None was read after the package was made, or is off by more than there is time. */
export const clocksPlausible = (clocks: Clock[], at: number): boolean =>
  clocks.every((clock) => !clock || (clock.read > 0 && clock.read <= at && clock.doubt >= 0 && clock.doubt <= OFFSET_MOST_US && Math.abs(clock.offset) <= OFFSET_MOST_US));
