import { expect, test } from 'vitest';

const sources = import.meta.glob<string>('../**/*.svelte', { query: '?raw', import: 'default', eager: true });
const nameOf = (path: string) => path.replace(/^\.\.\//, '').replace(/^\.\//, 'shell/').replace(/\.svelte$/, '');
const files = new Map(Object.entries(sources).map(([path, text]) => [nameOf(path), text]));

/** No pictures of a camera, and none that a household gave. */
const OTHERS = [
  'households/LinkSheet', // a code
  'reports/Attachments', // what residents sent themselves
  'reports/Posters', // codes
  'second-factor/Enrol',
  'server/Fingerprints',
  'settings/DeviceCode',
];

const shows = (name: string, tag: string) => new RegExp(`<${tag}\\b`).test(files.get(name) ?? '');

/** The mark lies over it: its own, or that of all who show it. */
function isMarked(name: string): boolean {
  if (shows(name, 'Watermark')) return true;
  const users = [...files.keys()].filter((one) => shows(one, name.split('/')[1]!));
  return users.length > 0 && users.every(isMarked);
}

test('wherever a picture of a camera is shown, the mark of who looks lies over it', () => {
  const all = [...files.keys()].filter((name) => ['img', 'video', 'canvas'].some((tag) => shows(name, tag)));
  expect(all).toContain('events/EventCard');
  expect(all).toContain('live/Tile');
  expect(all.filter((name) => !OTHERS.includes(name) && !isMarked(name))).toEqual([]);
});
