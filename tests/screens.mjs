// screens.mjs — pictures of every screen for docs/screens, made anew by `./dev screens`: Vietnamese, on a phone at
// night and on a desktop by day. Ends with what the first view costs on a slow phone.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { DESKTOP, PHONE, openPage, signIn, startBrowser, startDemo } from './e2e/demo.mjs';
import { walk } from './e2e/every-screen.mjs';

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

/** Reports of one evening, the first of them under way; the address of that one. */
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
  return first;
}

/** A case of that report, with footage in it; the address of the case. */
async function openCase(page, report) {
  const { items: cameras } = await (await page.request.get(new URL('api/v1/cameras', demo.url).href)).json();
  const { location } = await (await page.request.get(new URL(`api/v1/reports/${report}`, demo.url).href)).json();
  const now = Date.now();
  const made = await (await page.request.post(new URL('api/v1/cases', demo.url).href, { data: { reports: [report], key: crypto.randomUUID() } })).json();
  const camera = cameras.find((one) => one.location === location) ?? cameras[0];
  const items = [
    { kind: 'footage', camera: camera.id, from: new Date(now - 40_000).toISOString(), to: new Date(now - 10_000).toISOString(), words: 'Người áo đỏ chạy về phía cầu' },
    { kind: 'note', text: 'Đã gặp chủ quán nước, hẹn chiều lấy lời khai.' },
    { kind: 'person', role: 'witness', count: 2 },
  ];
  for (const data of items) await page.request.post(new URL(`api/v1/cases/${made.id}/items`, demo.url).href, { data });
  return { case: `cases/${made.id}`, find: `playback/${cameras.slice(0, 4).map(({ id }) => id).join()}?at=${new Date(now - 30_000).toISOString()}&case=${made.number}` };
}

/** The pages without an account: for residents, its first step, and for everyone. */
async function picturePages(page) {
  await page.goto(new URL('cong-khai', demo.url).href);
  await page.getByTestId('public-count').waitFor();
  await keep('public-page-phone', page);
  await page.goto(new URL('bao-tin', demo.url).href);
  await page.getByTestId('form-kind-fight').waitFor();
  await keep('report-form-phone', page);
}

async function pictures(screen, kind, theme) {
  const page = await openPage(browser, screen);
  await page.addInitScript((choice) => localStorage.setItem('vonglau.theme', choice), theme);
  await page.goto(demo.url);
  await page.getByTestId('signin-name').waitFor();
  await keep(`sign-in-${kind}`, page);
  await signIn(page, demo.url, 'admin', demo.accounts.admin);
  await planWeek(page);
  const report = await tellSome(page);
  await page.waitForTimeout(Math.max(0, demo.since + FOOTAGE_MS - performance.now()));
  const found = await openCase(page, report);
  await walk(page, demo.url, async ({ name }) => {
    await page.waitForTimeout(SETTLE_MS);
    await keep(`${name}-${kind}`, page);
  });
  await page.goto(new URL(`reports/${report}`, demo.url).href);
  await page.getByTestId('report-state').waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await keep(`report-${kind}`, page);
  await page.goto(new URL(found.case, demo.url).href);
  await page.getByTestId('case-hold').waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await keep(`case-${kind}`, page);
  await page.goto(new URL(found.find, demo.url).href);
  await page.getByTestId('find-around').waitFor();
  await page.waitForTimeout(SETTLE_MS);
  await keep(`case-find-${kind}`, page);
  if (kind === 'phone') {
    await picturePages(page);
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

/** From the address to where one can type, and from there to the map, ms; nothing kept from before. */
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
  await page.context().close();
  return { ms, script };
}

try {
  if (!process.argv.includes('--first-view')) {
    await pictures(PHONE, 'phone', 'dark');
    await pictures(DESKTOP, 'desktop', 'light');
  }
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await firstView());
  const times = rounds.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
  console.log(`first view, ${SLOWER} × slower: ${times[ROUNDS >> 1]} ms (${times.join(', ')}); script before the map ${(rounds[0].script / 1000).toFixed(1)} kB gzip`);
} finally {
  await browser.close();
  await demo.stop();
}
