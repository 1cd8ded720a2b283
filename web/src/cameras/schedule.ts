// When a camera is recorded, as its setting `schedule` is written (src/config/schedule.h).

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

export interface Hours {
  /** as runs: [mon, fri] is Monday to Friday */
  days: [Day, Day][];
  times: string[];
}

export type Schedule = { kind: 'always' } | { kind: 'event'; seconds: number } | { kind: 'hours'; hours: Hours[] };

const TIME = /^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

function readDays(text: string): [Day, Day][] | null {
  if (text === 'daily') return [['mon', 'sun']];
  const runs: [Day, Day][] = [];
  for (const one of text.split(',')) {
    const [first, last = first, more] = one.split('-');
    if (more !== undefined || !DAYS.includes(first as Day) || !DAYS.includes(last as Day)) return null;
    runs.push([first as Day, last as Day]);
  }
  return runs;
}

function readHours(text: string): Hours | null {
  const match = /^(\S+)\s+(\S+)$/.exec(text);
  const days = match && readDays(match[1]!);
  const times = match ? match[2]!.split(',') : [];
  const good = times.every((time) => TIME.test(time) && time.slice(0, 5) !== time.slice(6));
  return days && good ? { days, times } : null;
}

/** What a text says, or null when the server would refuse it. */
export function readSchedule(text: string): Schedule | null {
  const clean = text.trim().toLowerCase();
  if (!clean || clean === 'always') return { kind: 'always' };
  const event = /^event(?:\s*(\d{1,2})s)?$/.exec(clean);
  if (event) {
    const seconds = event[1] ? Number(event[1]) : 10;
    return seconds >= 2 && seconds <= 30 ? { kind: 'event', seconds } : null;
  }
  const entries = clean.replace(/;\s*$/, '').split(';').map((entry) => readHours(entry.trim()));
  return entries.every((entry) => entry !== null) ? { kind: 'hours', hours: entries as Hours[] } : null;
}

/** Hours as they are edited: one time on some days. `to` 00:00 is midnight at the end of the day. */
export interface Row {
  days: Day[];
  from: string;
  to: string;
}

export function rowsOf(hours: Hours[]): Row[] {
  return hours.flatMap(({ days, times }) =>
    times.map((time) => ({ days: DAYS.filter((day) => days.some((run) => isIn(day, run))), from: time.slice(0, 5), to: time.slice(6) === '24:00' ? '00:00' : time.slice(6) })),
  );
}

/** A run may go over the end of the week. */
function isIn(day: Day, [first, last]: [Day, Day]): boolean {
  const [at, from, to] = [DAYS.indexOf(day), DAYS.indexOf(first), DAYS.indexOf(last)];
  return from <= to ? from <= at && at <= to : at >= from || at <= to;
}

/** The setting's text; of rows that are not whole one that cannot be read. */
export function textOf(rows: readonly Row[]): string {
  return rows.map(({ days, from, to }) => `${daysText(days)} ${from}-${to === '00:00' ? '24:00' : to}`).join('; ');
}

function daysText(days: readonly Day[]): string {
  if (days.length === DAYS.length) return 'daily';
  const runs: Day[][] = [];
  for (const day of DAYS.filter((one) => days.includes(one))) {
    const last = runs.at(-1);
    if (last && DAYS.indexOf(last.at(-1)!) + 1 === DAYS.indexOf(day)) last.push(day);
    else runs.push([day]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}-${run.at(-1)}` : run.join(','))).join(',');
}
