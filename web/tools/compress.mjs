// Puts a .gz beside each text file of dist/, so that the server only has to send it, and holds the
// app to its size: what a phone loads until the first screen, the map, is there is at most 200 kB of
// script without Leaflet. Other screens load their own part when they are opened.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 200_000;
/** Script and style of the pages without an account. */
const PAGES = { 'bao-tin': 15_500, 'ban-giao': 8_000, 'cong-khai': 10_000, 'gop-hinh': 10_500 };
const FIRST_SCREEN = /^Map-/;
const dist = new URL('../dist/', import.meta.url);

const scripts = new Map(); // name -> { text, packed: bytes }
const pages = {}; // name -> bytes, packed
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|json|webmanifest)$/.test(entry.name)) continue;
  const path = `${entry.parentPath}/${entry.name}`;
  const plain = readFileSync(path);
  const packed = gzipSync(plain, { level: 9 });
  writeFileSync(`${path}.gz`, packed);
  const page = Object.keys(PAGES).find((name) => entry.name.startsWith(`${name}-`) && /\.(js|css)$/.test(entry.name));
  if (page) pages[page] = (pages[page] ?? 0) + packed.length;
  else if (/\.js$/.test(entry.name) && !/^(sw|workbox|push-worker)/.test(entry.name)) scripts.set(entry.name, { text: plain.toString(), packed: packed.length });
}

/** The scripts that `name` cannot do without, itself among them. */
function needed(name, found = new Set()) {
  if (found.has(name) || !scripts.has(name)) return found;
  found.add(name);
  for (const [, other] of scripts.get(name).text.matchAll(/(?:from|import)"\.\/([^"]+\.js)"/g)) needed(other, found);
  return found;
}

const page = readFileSync(new URL('index.html', dist), 'utf8');
const begin = [...page.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)].map((match) => match[1]);
const first = [...scripts.keys()].filter((name) => FIRST_SCREEN.test(name));
if (begin.length === 0 || first.length !== 1) throw new Error('the scripts of the first screen are not found');
const before = new Set([...begin, ...first].flatMap((name) => [...needed(name)]));
const sum = (names) => [...names].filter((name) => !/^(hls|leaflet)-/.test(name)).reduce((bytes, name) => bytes + scripts.get(name).packed, 0);
const kB = (bytes) => (bytes / 1000).toFixed(1);

console.log(`script until the map is there, without Leaflet: ${kB(sum(before))} kB gzip (${before.size} parts); of all screens, without hls.js too: ${kB(sum(scripts.keys()))} kB`);
for (const [name, limit] of Object.entries(PAGES)) {
  const bytes = pages[name] ?? 0;
  console.log(`the page /${name}: ${kB(bytes)} kB gzip`);
  if (bytes > 0 && bytes <= limit) continue;
  console.error(`that page must be there, with at most ${limit / 1000} kB`);
  process.exit(1);
}
if (sum(before) > LIMIT) {
  console.error(`that is more than the ${LIMIT / 1000} kB the app may have`);
  process.exit(1);
}
