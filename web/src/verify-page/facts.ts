// What a package tells of its footage, made again from what was found: continuity.json and time.json, to the byte.

import { clocksText, type PackageTime } from './clocks';
import type { Cause } from './seals';

/** Less than this between two pictures is no gap. */
const HOLE_LEAST_US = 500_000;

/** A footage file as it was found. */
export interface Media {
  name: string;
  /** index among the package's */
  camera: number;
  volume: string;
  seq: number;
  first: number;
  last: number;
  from: number;
  to: number;
  /** as the seal says */
  offset: number;
  ntp: number;
  /** where its bytes stand in the ZIP */
  at: number;
  bytes: number;
  codec: string;
  width: number;
  height: number;
  audio: string;
  /** of its fragments, and how long they last in ticks of 1/90000 s */
  pictures: number;
  ticks: number;
  /** its first fragment that begins with a key picture; `to`: none does */
  key: number;
}

export interface Gap {
  camera: number;
  from: number;
  to: number;
  cause: Cause;
}

export interface Facts {
  from: number;
  to: number;
  cameras: string[];
  media: Media[];
  /** as seals declare them, in any order */
  declared: Gap[];
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export const byCameraAndTime = (a: Media, b: Media): number => a.camera - b.camera || a.from - b.from || byText(a.name, b.name);

/** Whether what stands before the first key picture of file `index` (by camera and time) can be decoded behind the file before, which has the group of pictures that it goes on with. */
export function isLed(media: Media[], index: number): boolean {
  const [before, begins] = [media[index - 1], media[index]!];
  if (!before || before.camera !== begins.camera || before.key >= before.to) return false;
  return Math.abs(begins.from - before.to) < HOLE_LEAST_US && before.codec === begins.codec && before.width === begins.width && before.height === begins.height;
}

/** Where files of a camera bear the same times, half a second or more. */
export function overlapsOf({ media }: Facts): { camera: number; from: number; to: number }[] {
  const overlaps: { camera: number; from: number; to: number }[] = [];
  let end = 0;
  media.forEach(({ camera, from, to }, i) => {
    if (i === 0 || media[i - 1]!.camera !== camera) end = to;
    else if (end - from >= HOLE_LEAST_US) overlaps.push({ camera, from, to: Math.min(end, to) });
    end = Math.max(end, to);
  });
  return overlaps.filter(({ from, to }) => to > from);
}

const CAUSE_ORDER: Record<Cause, number> = {
  unknown: 0, 'camera-offline': 1, 'network-stall': 2, 'server-down': 3, 'disk-full': 4, 'disk-error': 5, 'volume-missing': 6, overload: 7, paused: 8, 'household-hours': 9, 'clock-step': 10, retired: 11, scheduled: 12,
};
const inOrder = (a: Gap, b: Gap) => a.from - b.from || a.to - b.to || CAUSE_ORDER[a.cause] - CAUSE_ORDER[b.cause];

/** [from, to) has no pictures: what seals say of it, and "unknown" where they say nothing. */
function* hole(told: Gap[], camera: number, from: number, to: number): Generator<Gap> {
  if (to - from < HOLE_LEAST_US) return;
  for (const gap of told) {
    if (from >= to) return;
    if (gap.to <= from || gap.from >= to) continue;
    if (gap.from - from >= HOLE_LEAST_US) {
      yield { camera, from, to: gap.from, cause: 'unknown' };
      from = gap.from;
    }
    const until = Math.min(gap.to, to);
    yield { camera, from, to: until, cause: gap.cause };
    from = until;
  }
  if (to - from >= HOLE_LEAST_US) yield { camera, from, to, cause: 'unknown' };
}

function cameraGaps(facts: Facts, camera: number): Gap[] {
  const told = facts.declared.filter((gap) => gap.camera === camera).sort(inOrder);
  const media = facts.media.filter((one) => one.camera === camera);
  const gaps: Gap[] = [];
  let at = facts.from;
  for (const one of media) {
    gaps.push(...hole(told, camera, at, Math.min(one.from, facts.to)));
    at = Math.max(at, one.to);
  }
  gaps.push(...hole(told, camera, at, facts.to));
  // Gaps within a file: seals declare them, and no file ends there.
  for (const gap of told) {
    const from = Math.max(gap.from, facts.from);
    const to = Math.min(gap.to, facts.to);
    for (const one of media) if (from > one.from && to < one.to) gaps.push({ camera, from, to, cause: gap.cause });
  }
  return gaps.filter((gap) => gap.to > gap.from).sort(inOrder);
}

/** Where pictures are missing within what was asked for, by camera and time. */
export const gapsOf = (facts: Facts): Gap[] => facts.cameras.flatMap((_, camera) => cameraGaps(facts, camera));

const list = (items: string[]) => `[${items.join(',')}]`;

export function continuityText(facts: Facts, gaps: Gap[]): string {
  const media = facts.media.map((one) => `["${one.name}","${one.volume}",${one.seq},${one.first},${one.last},${one.from},${one.to}]`);
  const holes = gaps.map((gap) => `["${facts.cameras[gap.camera]}",${gap.from},${gap.to},"${gap.cause}"]`);
  const complete = facts.cameras.map((id, camera) => `["${id}",${gaps.some((gap) => gap.camera === camera) ? 0 : 1}]`);
  return `{"v":1,"type":"continuity","from_us":${facts.from},"to_us":${facts.to},"media":${list(media)},"gaps":${list(holes)},"complete":${list(complete)}}\n`;
}

/** `time.clocks`: null of the first format, which does not tell. */
export function timeText(facts: Facts, gaps: Gap[], time: Pick<PackageTime, 'at' | 'ntp' | 'clocks'>): string {
  const clocks = time.clocks ? `"clocks":${clocksText(facts.cameras, time.clocks)},` : '';
  const media = facts.media.map((one) => `["${one.name}",${one.from},${one.to},${one.offset},${one.ntp}]`);
  const steps = gaps.filter(({ cause }) => cause === 'clock-step').map((gap) => `["${facts.cameras[gap.camera]}",${gap.from},${gap.to}]`);
  return `{"v":1,"type":"time","at_us":${time.at},"ntp_us":${time.ntp},${clocks}"media":${list(media)},"steps":${list(steps)}}\n`;
}
