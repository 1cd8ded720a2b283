// verify-page.test.mjs — verify.html, opened from a disk: what the server made passes and plays, and whatever was
// tampered with is told as `vonglau verify` tells it, fault by fault and second by second.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, openPage, startBrowser, startDemo } from './demo.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'build/vonglau');
const built = join(root, 'web/dist/verify.html');
const FOOTAGE_S = 8;
/** They leave what EVIDENCE §4 wants caught, and more: of footage, of what a household gave, of a certificate. */
const FORGERS = ['evidence_forged', 'evidence_given', 'evidence_holds', 'evidence_packed'];
const FORGED_LEAST = 34;
/** What they were made of; and the one that is told by the key alone. */
const PASSING = ['whole.zip', 'whole-given.zip', 'whole-certificate.zip', 'holds.zip', 'signed-anew.zip', 'first-format.zip', 'second-format.zip'];
const run = promisify(execFile);

let folder;
let browser;

before(async () => {
  folder = await mkdtemp(join(process.env.VONGLAU_E2E_DIR ?? tmpdir(), 'vonglau-verify-'));
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function withPage(screen, address, body) {
  const page = await openPage(browser, screen);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  try {
    await page.goto(address);
    await body(page);
    assert.deepEqual(page.problems, []);
    assert.deepEqual(asked.filter((url) => url !== address && !/^(blob|data):/.test(url)), [], 'the page asks nobody');
  } finally {
    await page.context().close();
  }
}

async function choose(page, zip) {
  await page.getByTestId('verify-file').setInputFiles(zip);
  await page.getByTestId('verify-outcome').waitFor();
}

const outcome = (page) => page.getByTestId('verify-outcome').getAttribute('data-outcome');

/** What the page saves as its result. */
async function saved(page) {
  const download = page.waitForEvent('download');
  await page.getByTestId('verify-save').click();
  return JSON.parse(await readFile(await (await download).path(), 'utf8'));
}

/** What the command says, in the page's words for files. */
function told(zip, ...more) {
  let text;
  try {
    text = execFileSync(program, ['verify', '--json', ...more, zip], { encoding: 'utf8' });
  } catch (failed) {
    text = failed.stdout; // with status 1
  }
  const { open, retired, bytes, packages, ...rest } = JSON.parse(text);
  return { ...rest, faults: rest.faults.map((fault) => ({ ...fault, path: fault.path.replace(zip, basename(zip)) })) };
}

async function asTheCommandSays(page, zip, ...more) {
  await choose(page, zip);
  const result = told(zip, ...more);
  const byText = (faults) => faults.map((fault) => JSON.stringify(Object.entries(fault).sort())).sort();
  const own = await saved(page);
  assert.deepEqual(byText(own.faults), byText(result.faults), basename(zip));
  assert.deepEqual({ ...own, faults: [] }, { ...result, faults: [] }, basename(zip));
  assert.equal(['good', 'unconfirmed'].includes(await outcome(page)), result.passed, basename(zip));
  return result;
}

test('whatever was done to a package, the page says what the command says', async () => {
  for (const forger of FORGERS) await run(join(root, `build/tests/unit/unit-${forger}`), { env: { ...process.env, VONGLAU_FORGED: folder } });
  const zips = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  assert.ok(zips.length >= FORGED_LEAST, `${zips.length} packages`);
  await withPage(DESKTOP, pathToFileURL(built).href, async (page) => {
    const { fingerprint } = await asTheCommandSays(page, join(folder, 'whole.zip'));
    for (const name of zips) {
      const { passed } = await asTheCommandSays(page, join(folder, name));
      assert.equal(passed, PASSING.includes(name), name);
    }
    await page.getByTestId('verify-key').fill(fingerprint); // the last that is left is told by the key alone
    await asTheCommandSays(page, join(folder, 'signed-anew.zip'), '--key', fingerprint);
    assert.equal(await outcome(page), 'otherKey');
    await asTheCommandSays(page, join(folder, 'whole.zip'), '--key', fingerprint);
    assert.equal(await outcome(page), 'good');
    const given = told(join(folder, 'given-signed-anew.zip')).fingerprint;
    await page.getByTestId('verify-key').fill(given);
    await asTheCommandSays(page, join(folder, 'given-signed-anew.zip'), '--key', given);
    assert.equal(await outcome(page), 'bad', 'the right key does not help what a household did not give');
    await choose(page, join(folder, 'whole-certificate.zip'));
    await page.getByTestId('verify-packed').getByText('CC-2026-0008').click();
    await page.getByTestId('verify-negative').waitFor();
    await check(page, 'a package with a certificate');
    await choose(page, join(folder, 'stripped.zip'));
    await page.getByText('đoạn 10 bị sửa').waitFor();
    await check(page, 'a package with a fault');
  });
});

test('a package that the server made passes in the page that lies in it, plays, and tells what one bit changed', async () => {
  const demo = await startDemo(1, ['--scene', 'test']);
  try {
    const [camera] = JSON.parse(execFileSync(program, ['camera', 'list', '--data', demo.data, '--json'], { encoding: 'utf8' }));
    await new Promise((go) => setTimeout(go, Math.max(0, FOOTAGE_S * 1000 - (performance.now() - demo.since))));
    const zip = join(folder, 'server.zip');
    const at = (ago) => new Date(Date.now() - ago * 1000).toISOString();
    const asked = ['--from', at(FOOTAGE_S - 2), '--to', at(1), '--reason', 'va chạm <img src=x onerror=alert(1)>', '--basis', 'Luật <img src=x onerror=alert(2)>', '--out', zip];
    const { stdout } = await run(program, ['evidence', '--data', demo.data, '--camera', camera.id, ...asked]);
    const fingerprint = /key fingerprint: (.*)/.exec(stdout)[1];
    const data = await readFile(zip);
    assert.ok(data.includes(await readFile(built)), 'the page lies in the package');

    await withPage(PHONE, pathToFileURL(built).href, async (page) => {
      await check(page, 'verify.html before a package');
      await asTheCommandSays(page, zip);
      assert.equal(await outcome(page), 'unconfirmed');
      await page.getByTestId('verify-key').fill(fingerprint);
      assert.equal(await outcome(page), 'good');
      await page.getByText('<img src=x onerror=alert(1)>').waitFor(); // as it was typed, not as a page
      await page.getByTestId('verify-play').click();
      await page.waitForFunction(() => document.querySelector('[data-testid=verify-video]').currentTime > 0.3);
      await page.getByTestId('verify-play').click();
      const strip = page.getByTestId('verify-strip');
      await strip.press('Home');
      const second = Number(await strip.getAttribute('aria-valuenow'));
      await strip.press('ArrowRight');
      await strip.press('ArrowRight');
      assert.equal(Number(await strip.getAttribute('aria-valuenow')), second + 2);
      assert.match(await strip.getAttribute('aria-valuetext'), /đúng như đã ghi/);
      await page.waitForFunction(() => !document.querySelector('[data-testid=verify-video]').seeking);
      const shown = (at) => page.waitForFunction((least) => {
        const { currentTime, readyState, seeking } = document.querySelector('[data-testid=verify-video]');
        return !seeking && readyState >= 2 && currentTime > least;
      }, at);
      await strip.press('Home');
      await strip.press('ArrowRight');
      await shown(-1);
      const begins = await page.evaluate(() => document.querySelector('[data-testid=verify-video]').currentTime);
      for (let i = 0; i < 3; i++) await strip.press('ArrowRight'); // further than the browser has of the film
      await shown(begins + 2);
      await check(page, 'verify.html with a package');
      await page.getByTestId('verify-language').click();
      await page.getByText('Whole and unchanged, by the right key').waitFor();

      data[Math.floor(data.length / 2)] ^= 1; // within footage, which is most of it
      const changed = join(folder, 'changed.zip');
      await writeFile(changed, data);
      const result = await asTheCommandSays(page, changed, '--key', fingerprint);
      assert.equal(result.seconds.filter(({ verdict }) => verdict === 'altered').length, 1);
      await check(page, 'verify.html with a fault, in English');
    });

    // From the server itself, in the sandbox that it is given there.
    await withPage(DESKTOP, new URL('verify.html', demo.url).href, async (page) => {
      await choose(page, zip);
      assert.equal(await outcome(page), 'unconfirmed');
      await page.getByTestId('verify-video').scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector('[data-testid=verify-video]').readyState >= 2); // its first picture
      assert.equal(await page.evaluate(() => origin), 'null');
    });
  } finally {
    await demo.stop();
  }
});
