// screens.mjs — pictures of every screen for docs/screens, made anew by `./dev screens`: Vietnamese, on a phone at
// night and on a desktop by day. Ends with what the first view costs on a slow phone.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DESKTOP, PHONE, openPage, signIn, startBrowser, startDemo } from './e2e/demo.mjs';
import { walk } from './e2e/every-screen.mjs';
import { makeThings, walkThings } from './e2e/made-things.mjs';

const CAMERAS = 6;
/** How long is recorded first, so that there is something to play back. */
const FOOTAGE_MS = 45_000;
const SETTLE_MS = 1_500;
/** rounds of the first view; the median is told */
const ROUNDS = 5;
const SLOWER = 4;

const folder = fileURLToPath(new URL('../docs/screens/', import.meta.url));
await mkdir(folder, { recursive: true });
const demo = await startDemo(CAMERAS);
const browser = await startBrowser();
const painter = await browser.newPage();

/** As WebP, which Chromium's own screenshots are not. */
async function keep(name, page) {
  const png = (await page.screenshot()).toString('base64');
  const webp = await painter.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL('image/webp', 0.8).split(',')[1];
  }, png);
  await writeFile(`${folder}${name}.webp`, Buffer.from(webp, 'base64'));
}

/** A week of two shifts a day, with one that is missing. */
async function planWeek(page) {
  const { people } = await (await page.request.get(new URL('api/v1/shifts', demo.url).href)).json();
  const id = (name) => people.find((one) => one.name === name).id;
  for (const day of ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) {
    const shifts = [{ from: '07:00', to: '19:00', people: [id('officer')] }];
    if (day !== 'wed') shifts.push({ from: '19:00', to: '07:00', people: [id('commander'), id('admin')] });
    await page.request.put(new URL(`api/v1/shifts/${day}`, demo.url).href, { data: { shifts } });
  }
}

/** Reports of one evening, the first of them under way. */
async function tellSome(page) {
  const { items: cameras } = await (await page.request.get(new URL('api/v1/cameras', demo.url).href)).json();
  const locations = [...new Set(cameras.map((camera) => camera.location))]; // where something can have been seen
  const told = [
    ['fight', 'Hai nhóm thanh niên xô xát trước quán nước, một người chạy xe máy đỏ về phía cầu.'],
    ['environment', 'Xe ba gác đổ phế thải xuống bờ suối, biển số không rõ.'],
    ['street-racing', 'Nhiều xe máy rú ga, lạng lách trên đường về bản.'],
  ];
  let first = '';
  for (const [i, [kind, text]] of told.entries()) {
    const to = new Date(Date.now() - i * 60_000);
    const data = { kind, text, location: locations[i % locations.length], from: new Date(to - 900_000).toISOString(), to: to.toISOString(), span_words: 'just-now', key: crypto.randomUUID(), source: 'phone' };
    const report = await (await page.request.post(new URL('api/v1/reports', demo.url).href, { data })).json();
    first ||= report.id;
  }
  await page.request.patch(new URL(`api/v1/reports/${first}`, demo.url).href, { data: { state: 'taken' } });
}

/** The pages without an account: for everyone, the first step for residents, what a household is asked, and the check of a package. */
async function picturePages(page, address) {
  await page.goto(new URL('cong-khai', demo.url).href);
  await page.getByTestId('public-count').waitFor();
  await keep('public-page-phone', page);
  await page.goto(new URL('bao-tin', demo.url).href);
  await page.getByTestId('form-kind-fight').waitFor();
  await keep('report-form-phone', page);
  const data = { household: address('HOUSEHOLD'), app: new URL(demo.url).origin };
  const link = await (await page.request.post(new URL(`api/v1/footage-requests/${address('REQUEST')}/links`, demo.url).href, { data })).json();
  await page.goto(link.url);
  await page.getByTestId('give-no').waitFor();
  await keep('give-phone', page);
}

/** A package as whoever receives it sees it, from a disk. */
async function pictureCheck(kind, screen, zip) {
  const page = await openPage(browser, screen);
  await page.goto(new URL('../web/dist/verify.html', import.meta.url).href);
  await page.getByTestId('verify-file').setInputFiles(zip);
  await page.getByTestId('verify-outcome').waitFor();
  await keep(`verify-${kind}`, page);
  await page.context().close();
}

/** What is made in the work on a case, as the commander sees it, who decides on it. */
async function pictureThings(kind, screen, theme, address) {
  const page = await openPage(browser, screen);
  await page.addInitScript((choice) => localStorage.setItem('vonglau.theme', choice), theme);
  await page.goto(demo.url);
  await signIn(page, demo.url, 'commander', demo.accounts.commander);
  await walkThings(page, demo.url, address, async ({ name, open }) => {
    await page.waitForTimeout(SETTLE_MS);
    await keep(`${name}-${kind}`, page);
    if (!open) return;
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  });
  if (kind === 'phone') await picturePages(page, address);
  await page.context().close();
}

async function pictures(screen, kind, theme) {
  const page = await openPage(browser, screen);
  await page.addInitScript((choice) => localStorage.setItem('vonglau.theme', choice), theme);
  await page.goto(demo.url);
  await page.getByTestId('signin-name').waitFor();
  await keep(`sign-in-${kind}`, page);
  await signIn(page, demo.url, 'admin', demo.accounts.admin);
  await planWeek(page);
  await tellSome(page);
  await walk(page, demo.url, async ({ name }) => {
    await page.waitForTimeout(SETTLE_MS);
    await keep(`${name}-${kind}`, page);
  });
  if (kind === 'phone') {
    await page.goto(new URL('settings', demo.url).href);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
    await page.reload();
    await page.context().setOffline(true);
    await page.reload();
    await page.getByTestId('unreached').waitFor();
    await keep('offline-phone', page);
  }
  await page.context().close();
}

/** On a slow phone, ms: from the address to where one can type, nothing kept from before; and, signed in, from the address to the map with its cameras. */
async function firstView() {
  const page = await openPage(browser, PHONE);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  await page.goto(demo.url, { waitUntil: 'commit' });
  await page.getByTestId('signin-name').waitFor();
  const ms = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now());
  const script = await page.evaluate(() =>
    performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  );
  await signIn(page, demo.url, 'admin', demo.accounts.admin);
  await page.goto(new URL('map', demo.url).href, { waitUntil: 'commit' });
  await page.getByTestId('map-summary').waitFor();
  const map = await page.evaluate(() => performance.now());
  await page.context().close();
  return { ms, script, map };
}

/** The middle one of `rounds`, and all. */
function told(rounds) {
  const times = rounds.map(Math.round).sort((a, b) => a - b);
  return `${times[times.length >> 1]} ms (${times.join(', ')})`;
}

try {
  if (!process.argv.includes('--first-view')) {
    await new Promise((done) => setTimeout(done, Math.max(0, demo.since + FOOTAGE_MS - performance.now())));
    const kinds = [['phone', PHONE, 'dark'], ['desktop', DESKTOP, 'light']];
    for (const [kind, screen, theme] of kinds) await pictures(screen, kind, theme);
    const address = await makeThings(browser, demo);
    for (const [kind, screen, theme] of kinds) {
      await pictureThings(kind, screen, theme, address); // which waits until the package is made
      const zip = (await readdir(demo.data, { recursive: true })).find((path) => path.endsWith(`${address('PACKAGE')}.zip`));
      await pictureCheck(kind, screen, join(demo.data, zip));
    }
  }
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await firstView());
  console.log(`first view, ${SLOWER} × slower: ${told(rounds.map(({ ms }) => ms))}; the map, signed in: ${told(rounds.map(({ map }) => map))}; script before the map ${(rounds[0].script / 1000).toFixed(1)} kB gzip`);
} finally {
  await browser.close();
  await demo.stop();
}
