// Times in the site's time zone, whatever the zone of the device.

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions, locale = 'en-GB') {
  const key = locale + zone + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** The wall clock of `zone` at `ms`. */
export function wallOf(ms: number, zone: string): Wall {
  const wall: Wall = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  const parts = format(zone, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  for (const { type, value } of parts) {
    if (type in wall) wall[type as keyof Wall] = Number(value);
  }
  return wall;
}

/** How far the clocks of `zone` are ahead of UTC at `ms`, milliseconds. */
export function offsetOf(ms: number, zone: string): number {
  const w = wallOf(ms, zone);
  return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second) - Math.floor(ms / 1000) * 1000;
}

/** The moment at which the clocks of `zone` show this; the earlier one where they show it twice. */
export function momentOf(wall: Wall, zone: string): number {
  const utc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  const before = utc - offsetOf(utc - 86_400_000, zone);
  const after = utc - offsetOf(utc + 86_400_000, zone);
  if (before + offsetOf(before, zone) === utc) return before;
  return after + offsetOf(after, zone) === utc ? after : before;
}

/** The first moment of the day that holds `ms`; `days` later or, negative, earlier. */
export function dayStart(ms: number, zone: string, days = 0): number {
  const w = wallOf(ms, zone);
  return momentOf({ ...w, day: w.day + days, hour: 0, minute: 0, second: 0 }, zone);
}

const two = (n: number) => String(n).padStart(2, '0');

/** "2026-11-24", as date fields take it. */
export function dateField(ms: number, zone: string): string {
  const w = wallOf(ms, zone);
  return `${w.year}-${two(w.month)}-${two(w.day)}`;
}

/** "21:04:09", as time fields take it. */
export function timeField(ms: number, zone: string): string {
  const w = wallOf(ms, zone);
  return `${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
}

/** The moment that a date field and a time field name; NaN when they name none. */
export function momentOfFields(date: string, time: string, zone: string): number {
  const d = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  const t = /^(\d{2}):(\d{2})(?::(\d{2}))?/.exec(time);
  if (!d || !t) return NaN;
  return momentOf(
    {
      year: Number(d[1]),
      month: Number(d[2]),
      day: Number(d[3]),
      hour: Number(t[1]),
      minute: Number(t[2]),
      second: Number(t[3] ?? 0),
    },
    zone,
  );
}

/** "21:04", "21:04:09" or "21:04:09.250". */
export function clockText(ms: number, zone: string, detail: 'minute' | 'second' | 'millisecond' = 'second'): string {
  const time = timeField(ms, zone);
  if (detail === 'minute') return time.slice(0, 5);
  if (detail === 'second') return time;
  return `${time}.${String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, '0')}`;
}

/** "Thứ Ba, 24/11/2026" or "Tue, 24 Nov 2026". */
export function dayText(ms: number, zone: string, language: string): string {
  return language === 'vi'
    ? format(zone, { weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric' }, 'vi-VN').format(ms)
    : format(zone, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
}

/** "24/11" or "24 Nov". */
export function shortDayText(ms: number, zone: string, language: string): string {
  const w = wallOf(ms, zone);
  return language === 'vi'
    ? `${two(w.day)}/${two(w.month)}`
    : format(zone, { day: 'numeric', month: 'short' }).format(ms);
}

const WEEKDAYS_VI: Record<string, string> = { Mon: 'T2', Tue: 'T3', Wed: 'T4', Thu: 'T5', Fri: 'T6', Sat: 'T7', Sun: 'CN' };

/** "T3" or "Tue". */
export function weekdayText(ms: number, zone: string, language: string): string {
  const day = format(zone, { weekday: 'short' }).format(ms);
  return language === 'vi' ? (WEEKDAYS_VI[day] ?? day) : day;
}

/** The hours of the day that begins at `day`; 23 or 25 of them where the clocks change. */
export function hoursOfDay(day: number, zone: string): { from: number; to: number; text: string }[] {
  const end = dayStart(day, zone, 1);
  const hours = [];
  for (let from = day; from < end; from += 3_600_000) hours.push({ from, to: from + 3_600_000, text: clockText(from, zone, 'minute') });
  return hours;
}

/** "20261124-210409": for names of files. */
export function fileStamp(ms: number, zone: string): string {
  return `${dateField(ms, zone).replaceAll('-', '')}-${timeField(ms, zone).replaceAll(':', '')}`;
}
