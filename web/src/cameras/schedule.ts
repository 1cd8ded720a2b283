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
