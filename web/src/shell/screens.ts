// Which screens there are: the right that each needs, the place of the app that it belongs to, and
// its name.

import type { TextKey } from '../texts/texts.svelte';

export type Place = 'map' | 'live' | 'playback' | 'cameras' | 'reports' | 'settings';

interface Screen {
  /** '' where to be signed in is enough */
  needs: string;
  place: Place;
  title: TextKey;
}

const screens: Record<string, Screen> = {
  map: { needs: 'live', place: 'map', title: 'nav.map' },
  live: { needs: 'live', place: 'live', title: 'nav.live' },
  playback: { needs: 'replay', place: 'playback', title: 'nav.playback' },
  events: { needs: 'replay', place: 'playback', title: 'event.title' },
  bookmarks: { needs: 'replay', place: 'playback', title: 'bookmark.title' },
  traces: { needs: 'replay', place: 'playback', title: 'trace.title' },
  reports: { needs: 'report', place: 'reports', title: 'report.title' },
  cases: { needs: 'case-read', place: 'reports', title: 'case.title' },
  posters: { needs: 'reports', place: 'reports', title: 'poster.title' },
  packages: { needs: 'export', place: 'reports', title: 'package.title' },
  cameras: { needs: 'live', place: 'cameras', title: 'nav.cameras' },
  locations: { needs: 'live', place: 'cameras', title: 'location.all' },
  masks: { needs: 'export', place: 'settings', title: 'mask.title' },
  changes: { needs: 'hold', place: 'settings', title: 'change.title' },
  households: { needs: 'households', place: 'settings', title: 'household.title' },
  care: { needs: 'configure', place: 'cameras', title: 'papers.title' },
  repairs: { needs: 'configure', place: 'cameras', title: 'repairs.title' },
  month: { needs: 'figures', place: 'settings', title: 'month.title' },
  settings: { needs: '', place: 'settings', title: 'nav.settings' },
  site: { needs: 'configure', place: 'settings', title: 'site.title' },
  server: { needs: 'figures', place: 'settings', title: 'server.title' },
  shifts: { needs: 'duty', place: 'settings', title: 'shift.title' },
  register: { needs: 'audit', place: 'settings', title: 'register.title' },
  audit: { needs: 'audit', place: 'settings', title: 'audit.title' },
};

/** Pages of a screen that need more than the screen. */
const NEEDS: Record<string, string> = {
  'cameras/new': 'configure',
  'cameras/import': 'configure',
  'households/new': 'household-people',
  'households/ask': 'household-ask',
  'households/requests': 'household-ask',
};

/** The screen of a page's path; an unknown one is the live wall. */
export function screenOf(name: string, item?: string): Screen {
  const screen = Object.hasOwn(screens, name) ? screens[name]! : screens['live']!;
  const needs = Object.hasOwn(NEEDS, `${name}/${item}`) ? NEEDS[`${name}/${item}`] : undefined;
  return needs ? { ...screen, needs } : screen;
}
