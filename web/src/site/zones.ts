// Time zones by the names that servers know, found by a few letters.

import { plain } from '../cameras/search';
import { clockText } from '../time/zone';

/** What browsers call by an older name, or what people call a place of that time. */
const RENAMED: Record<string, string> = { 'Asia/Saigon': 'Asia/Ho_Chi_Minh', 'Asia/Calcutta': 'Asia/Kolkata', 'Asia/Katmandu': 'Asia/Kathmandu', 'Asia/Rangoon': 'Asia/Yangon' };
const ALSO: Record<string, string> = {
  'Asia/Ho_Chi_Minh': 'viet nam vietnam ha noi hanoi sai gon saigon',
  'Asia/Vientiane': 'lao laos vieng chan',
  'Asia/Phnom_Penh': 'campuchia cambodia',
  'Asia/Bangkok': 'thai lan thailand',
  'Asia/Shanghai': 'trung quoc china bac kinh beijing',
};

export function zoneNames(known: readonly string[] = Intl.supportedValuesOf('timeZone')): string[] {
  return [...new Set([...known.map((name) => RENAMED[name] ?? name), 'UTC'])].sort();
}

/** The zones in whose names all the words stand; at most `most`, those near the site's own first. */
export function findZones(words: string, names: readonly string[], most = 6): string[] {
  const wanted = plain(words).split(/[\s/_]+/).filter(Boolean);
  const found = names.filter((name) => {
    const text = `${plain(name).replaceAll('_', ' ')} ${ALSO[name] ?? ''}`;
    return wanted.every((word) => text.includes(word));
  });
  const rank = (name: string) => (name in ALSO ? 0 : name.startsWith('Asia/') ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, most);
}

/** "18:40", by the clocks of the zone; '' where this browser does not know it. */
export function timeIn(zone: string, now: number): string {
  try {
    return clockText(now, zone, 'minute');
  } catch {
    return '';
  }
}
