// installed.test.mjs — the app as it lies on a phone: it can be installed, opens without network to a
// page that says what is the matter, keeps nothing that is not the app, and takes a new version without
// losing what is typed.
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, startBrowser, startDemo } from './demo.mjs';
import { inPage } from './in-page.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder;
let demo;
let browser;

/** A server of its own, whose app the test may change. */
before(async () => {
  folder = await mkdtemp(join(process.env.VONGLAU_E2E_DIR ?? tmpdir(), 'vonglau-app-'));
  await mkdir(join(folder, 'build'));
  await copyFile(join(root, 'build/vonglau'), join(folder, 'build/vonglau'));
  await symlink(join(root, 'build/sim'), join(folder, 'build/sim'));
  await symlink(join(root, 'sim'), join(folder, 'sim'));
  await cp(join(root, 'web/dist'), join(folder, 'web/dist'), { recursive: true });
  demo = await startDemo(2, ['--scene', 'test'], '', join(folder, 'build/vonglau'));
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The service worker is there. */
const withPage = (screen, body) =>
  inPage(browser, demo, screen, 'admin', async (page) => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await body(page);
  });

/** Puts a new version of the app onto the server: its page has `name` in it. */
async function publish(name) {
  const place = (file) => join(folder, 'web/dist', file);
  const html = await readFile(join(root, 'web/dist/index.html'), 'utf8');
  await writeFile(place('index.html'), html.replace('<head>', `<head><meta name="version" content="${name}" />`));
  const worker = await readFile(join(root, 'web/dist/sw.js'), 'utf8');
  const next = worker.replace(/(url:"index.html",revision:")[^"]*|(revision:")[^"]*(",url:"index.html")/, `$1$2${name}$3`);
  assert.notEqual(next, worker, 'sw.js names index.html and its revision');
  await writeFile(place('sw.js'), next);
  for (const file of ['index.html.gz', 'sw.js.gz']) await rm(place(file), { force: true });
}

const version = (page) => page.evaluate(() => document.querySelector('meta[name=version]')?.content);

test('a phone may install it: icons, shortcuts, a screen of its own', () =>
  withPage(PHONE, async (page) => {
    await page.reload(); // now the service worker has the page
    const devtools = await page.context().newCDPSession(page);
    const { errors, data } = await devtools.send('Page.getAppManifest');
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.equal(manifest.display, 'standalone');
    assert.ok(manifest.icons.some(({ purpose, sizes }) => purpose === 'maskable' && sizes === '512x512'));
    for (const { url } of manifest.shortcuts) {
      await page.goto(new URL(url, demo.url).href);
      await page.locator(`nav a[href="${url}"][aria-current=page]`).waitFor();
    }
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
  }));

test('without network it opens to a page that says so, in both languages, and goes on by itself', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('age').first().waitFor(); // pictures came, and answers of the server
    await page.context().setOffline(true);
    await page.reload();
    await page.getByTestId('unreached').waitFor();
    await page.getByText('Máy này đang không có mạng').waitFor();
    await page.getByText('Camera vẫn được ghi hình').waitFor();
    await check(page, 'without network');
    if (process.env.VONGLAU_E2E_PICTURES) await page.screenshot({ path: `${process.env.VONGLAU_E2E_PICTURES}/offline.png` });
    const kept = await page.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
    });
    assert.ok(kept.includes('/index.html'));
    assert.deepEqual(kept.filter((path) => !/^\/(assets|icons)\/|^\/(index\.html|manifest\.webmanifest|push-worker\.js)$/.test(path)), []);
    await page.evaluate(() => localStorage.setItem('vonglau.language', 'en'));
    await page.reload();
    await page.getByRole('heading', { name: 'This device has no network' }).waitFor();
    await page.context().setOffline(false);
    await page.getByTestId('grid').waitFor();
  }));

test('a new version waits while something is typed, and is taken when somebody says so', () =>
  withPage(DESKTOP, async (page) => {
    await page.reload();
    await page.goto(new URL('cameras/new', demo.url).href);
    await page.getByTestId('camera-url').fill('rtsp://192.168.1.64/live');
    await publish('second');
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => {}));
    await page.getByTestId('update').waitFor();
    await check(page, 'a new version is there');
    if (process.env.VONGLAU_E2E_PICTURES) await page.screenshot({ path: `${process.env.VONGLAU_E2E_PICTURES}/update.png` });
    await page.getByTestId('update-take').click();
    await page.getByText('Phần đang nhập dở sẽ mất.').waitFor();
    assert.equal(await page.getByTestId('camera-url').inputValue(), 'rtsp://192.168.1.64/live');
    assert.equal(await version(page), undefined);
    await page.getByTestId('update-take').click();
    await page.waitForFunction(() => document.querySelector('meta[name=version]')?.content === 'second');
    await page.getByTestId('camera-url').waitFor(); // where one was

    await publish('third');
    await page.evaluate(() => navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => {}));
    await page.getByTestId('update').waitFor();
    await page.reload(); // a page that opens holds nothing yet
    await page.waitForFunction(() => document.querySelector('meta[name=version]')?.content === 'third');
    await page.getByTestId('camera-url').waitFor();
    assert.equal(await page.getByTestId('update').count(), 0);
  }));
