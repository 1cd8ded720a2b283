// accessible.mjs — what every screen must pass, on a phone and on a desktop.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');

const WCAG = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
/** What a change of size or theme alone can break. */
const LOOKS = { type: 'rule', values: ['color-contrast', 'target-size', 'scrollable-region-focusable'] };

/** Nothing sticks out to the side, and axe has nothing to say (WCAG 2.2 AA), or only of `looks`. */
export async function check(page, where, looks = false) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${where}: ${wide} pixels too wide`);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${axe};0`);
  // The watermark is faint on purpose, and nothing that anybody reads to use the app.
  const found = await page.evaluate((runOnly) => axe.run({ exclude: '[data-testid=watermark]' }, { runOnly }), looks ? LOOKS : WCAG);
  const told = found.violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  assert.deepEqual(told, []);
}
