// Puts a .gz beside each text file of dist/, so that the server only has to send it, and holds the
// app to its size: what a phone loads before the map and the playback screen is at most 200 kB of script.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const LIMIT = 200_000;
const dist = new URL('../dist/', import.meta.url);

let script = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg|json|webmanifest)$/.test(entry.name)) continue;
  const path = `${entry.parentPath}/${entry.name}`;
  const packed = gzipSync(readFileSync(path), { level: 9 });
  writeFileSync(`${path}.gz`, packed);
  if (/\.js$/.test(entry.name) && !/^(hls|leaflet|sw|workbox)/.test(entry.name)) script += packed.length;
}
console.log(`script without hls.js and Leaflet: ${(script / 1000).toFixed(1)} kB gzip`);
if (script > LIMIT) {
  console.error(`that is more than the ${LIMIT / 1000} kB the app may have`);
  process.exit(1);
}
