// What the page tells of the commune's cameras, as words and figures.

export interface Wait {
  count: number;
  median_s?: number;
}

export interface Facts {
  site: string;
  language: string;
  time_zone: string;
  cameras: { count: number; recording: number };
  places?: { name: string; village: string; cameras: number }[];
  retention_days: number;
  reason_after_s: number;
  contact: string;
  from: string;
  to: string;
  uptime: { recorded_s: number; missing_s: number };
  looks: { replays: number; copies: number; packages: number; requests: number; unmasked: number; refused: number; reasons: { reason: string; count: number }[] };
  misuse: number;
  reports: { told: number; answered: number; answer: Wait };
}

export interface Village {
  /** '': it is not told which */
  name: string;
  places: { name: string; cameras: number }[];
}

/** Places under their villages, both by name as Vietnamese sorts. */
export function byVillage(places: NonNullable<Facts['places']>): Village[] {
  const villages: Village[] = [];
  for (const { name, village, cameras } of places) {
    let found = villages.filter((one) => one.name === village)[0];
    if (!found) {
      found = { name: village, places: [] };
      villages.push(found);
    }
    found.places.push({ name, cameras });
  }
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name, 'vi');
  for (const village of villages) village.places.sort(byName);
  return villages.sort((a, b) => (a.name === '' ? 1 : b.name === '' ? -1 : byName(a, b)));
}

/** Rounded down, so that only a time without any gap is whole; '' where nothing was wanted. */
export function percent({ recorded_s, missing_s }: Facts['uptime'], comma: string): string {
  const wanted = recorded_s + missing_s;
  return wanted > 0 ? `${(Math.floor((1000 * recorded_s) / wanted) / 10).toFixed(1).replace('.', comma)} %` : '';
}

/** A length of time in the largest unit that it fills twice, as its number and its name. */
export function span(seconds: number): { n: number; unit: 'minutes' | 'hours' | 'days' } {
  if (seconds >= 2 * 86400) return { n: Math.round(seconds / 86400), unit: 'days' };
  if (seconds >= 2 * 3600) return { n: Math.round(seconds / 3600), unit: 'hours' };
  return { n: Math.max(1, Math.round(seconds / 60)), unit: 'minutes' };
}
