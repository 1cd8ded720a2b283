// Moments in words, in the time zone that the package names.

const NAMES: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };

/** What the package says its zone is may be anything: then it is UTC. */
export function zoneOf(zone: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}

export function moment(us: number, locale: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, { ...NAMES, timeZone: zone }).format(us / 1000);
}

/** Without its day where that is the one before. */
export function until(from: number, to: number, locale: string, zone: string): string {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeZone: zone });
  if (day.format(from / 1000) !== day.format(to / 1000)) return moment(to, locale, zone);
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: zone }).format(to / 1000);
}

export function megabytes(bytes: number, locale: string): string {
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / (1 << 20))} MB`;
}
