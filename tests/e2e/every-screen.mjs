// every-screen.mjs — each screen of the app once, by its address, and what tells that it is there. What walks the
// screens walks this list: the rules of accessibility, and the pictures of docs/screens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** `ID`: of the first camera; `THEN`: some moments ago. Several pages may belong to one screen of web/src/shell/screens.ts. */
export const PAGES = [
  { name: 'map', path: 'map', there: '.map-icon button' },
  { name: 'live', path: 'live', there: '[data-testid=age]' },
  { name: 'one-camera', path: 'live/ID', there: '[data-testid=player-age]' },
  { name: 'playback', path: 'playback/ID', there: '[data-testid=timeline]' },
  { name: 'events', path: 'events', there: '[data-testid=events]' },
  { name: 'bookmarks', path: 'bookmarks', there: '[data-testid=bookmarks-search]' },
  { name: 'traces', path: 'traces', there: '[data-testid=traces-search]' },
  { name: 'trace', path: 'traces/new?camera=ID&at=THEN', there: '[data-testid=arrival]' },
  { name: 'reports', path: 'reports', there: '[data-testid=reports-open]' },
  { name: 'cases', path: 'cases', there: '[data-testid=cases-open]' },
  { name: 'report-new', path: 'reports/new', there: '[data-testid=new-send]' },
  { name: 'posters', path: 'posters', there: '[data-testid=poster] img' },
  { name: 'packages', path: 'packages', there: '[data-testid=package-new]' },
  { name: 'package-new', path: 'packages/new?cameras=ID', there: '[data-testid=package-send]' },
  { name: 'cameras', path: 'cameras', there: '[data-testid=cameras-summary]' },
  { name: 'camera-add', path: 'cameras/new', there: '[data-testid=camera-probe]' },
  { name: 'camera-import', path: 'cameras/import', there: '[data-testid=import-sample]' },
  { name: 'camera', path: 'cameras/ID', there: '[data-testid=camera-save]' },
  { name: 'locations', path: 'locations', there: '[data-testid=locations]' },
  { name: 'masks', path: 'masks', there: '[data-testid=masks-page]' },
  { name: 'changes', path: 'changes', there: '[data-testid=changes-page]' },
  { name: 'households', path: 'households', there: '[data-testid=households-none]' },
  { name: 'camera-record', path: 'care/ID', there: '[data-testid=papers-save]' },
  { name: 'repairs', path: 'repairs', there: '[data-testid=repair-add]' },
  { name: 'month', path: 'month', there: '[data-testid=month-told]' },
  { name: 'settings', path: 'settings', there: '[data-testid=users]' },
  { name: 'site', path: 'site', there: '[data-testid=keep-told] strong' },
  { name: 'shifts', path: 'shifts', there: '[data-testid=shift-week]' },
  { name: 'server', path: 'server', there: '[data-testid=server-disk]' },
  { name: 'register', path: 'register', there: '[data-testid=register-basis]' },
  { name: 'audit', path: 'audit', there: '[data-testid=audit-lines]' },
];

const THEN_MS = 20_000;

/** A screen that is not in the list is walked by nobody. */
export function checkListed() {
  const table = readFileSync(new URL('../../web/src/shell/screens.ts', import.meta.url), 'utf8');
  const screens = [...table.matchAll(/^ {2}'?([a-z-]+)'?: \{ needs:/gm)].map((match) => match[1]);
  assert.ok(screens.length >= 9, 'the table of screens is read');
  const walked = new Set(PAGES.map(({ path }) => path.split('/')[0]));
  assert.deepEqual(screens.filter((screen) => !walked.has(screen)), []);
}

/** Opens each page, as who is signed in, and hands it over. */
export async function walk(page, url, each) {
  const { items } = await (await page.request.get(new URL('api/v1/cameras', url).href)).json();
  for (const one of PAGES) {
    await page.goto(new URL(one.path.replace('ID', items[0].id).replace('THEN', new Date(Date.now() - THEN_MS).toISOString()), url).href);
    await page.locator(one.there).first().waitFor();
    await each(one, items[0]);
  }
}
