// Draws the app's icons from icon.svg by Chromium: `npm run icons`. The results are committed.
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('../public/icons/', import.meta.url);
const drawing = readFileSync(new URL('icon.svg', folder), 'utf8');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });

async function draw(name, size, svg) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  writeFileSync(new URL(name, folder), await page.screenshot({ omitBackground: true }));
  await page.close();
}

await draw('icon-192.png', 192, drawing);
await draw('icon-512.png', 512, drawing);
// Maskable: the tower within the inner 80 %, the ground to the edge.
const ground = drawing.replace('rx="96"', '').replace('<g ', '<g transform="translate(64 64) scale(.75)" ').replace('cx="256" cy="238" r="20"', 'cx="256" cy="242" r="15"');
await draw('maskable-512.png', 512, ground);
// An iPhone rounds the corners itself, and paints what is transparent black.
await draw('apple-touch-180.png', 180, drawing.replace('rx="96"', '').replace('<g ', '<g transform="translate(32 32) scale(.875)" ').replace('cx="256" cy="238" r="20"', 'cx="256" cy="240" r="18"'));
await browser.close();
