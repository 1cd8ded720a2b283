// story.test.mjs — the whole story that the server is for, on five screens: a resident tells of a scuffle that two
// cameras saw; an officer finds, traces and holds it, asks a household that a village head had entered; a commander approves
// the package; whoever gets it checks it without the server; the case is closed, answered, and counted in the month.
// Whoever has no part in a step is refused it. Taps and screens from the report to the verified package are told.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { check } from './accessible.mjs';
import { commune, OLD_PHONE } from './commune.mjs';
import { DESKTOP, filmAddress, PHONE, openPage } from './demo.mjs';
import { readStrip } from './strip.mjs';

/** What the first and the third camera show (sim/paint_crossroads.c): one loop, and the scuffle in it, pictures. */
const LOOP = 720;
const SCUFFLE = { from: 360, to: 495 };
const FPS = 15;
/** Recorded pictures can be played back after about this time. */
const EDGE_MS = 5_000;
const WORDS = 'Ba người đánh nhau ở vỉa hè, một người ngã';
const WHAT = 'Ai chạy qua ngõ <b>sau</b> đó';
const ANSWER = 'Tổ tuần tra đã tới, hai bên đã hòa giải.';
const MOST_TAPS = 60;

const of = commune(3, []);
const { at, ask, list, send, withPage } = of;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const shown = (page, state) => page.locator(`[data-testid=case-state][data-state=${state}]`).waitFor();

/** Counts the screens that a page shows, each time that one is opened. */
function screensOf(page) {
  const seen = [];
  page.on('framenavigated', (frame) => {
    const path = frame === page.mainFrame() && frame.url().startsWith(of.demo.url) ? new URL(frame.url()).pathname : '';
    if (path && path !== seen.at(-1)) seen.push(path);
  });
  return seen;
}

/** Each of `who` is refused: [page, status, method, path]. */
async function refused(...tries) {
  for (const [page, status, method, path] of tries) {
    const answer = await page.request.fetch(at(`api/v1/${path}`), { method, ...(method === 'GET' ? {} : { data: {} }) });
    assert.equal(answer.status(), status, `${method} ${path}: ${await answer.text()}`);
  }
}

/** At the door: the family agrees to be asked. */
async function enterHousehold(head, place) {
  await head.context().grantPermissions(['geolocation']);
  await head.context().setGeolocation({ latitude: place.latitude - 0.0002, longitude: place.longitude });
  await head.goto(at('households/new'));
  await head.getByTestId('household-level-1').check();
  await head.getByTestId('household-agreed').check();
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-here').click();
  await head.getByText('Đã chỉ trên bản đồ').waitFor();
  await head.getByTestId('household-view').fill('Ngõ ra ngã ba');
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-name').fill('Bà Hai');
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-consent').waitFor();
}

/** What a resident tells by the code at the place: number and link of it. */
async function tell(resident, tap, place) {
  await resident.goto(at(`bao-tin?noi=${place.id}`));
  await tap('form-kind-fight');
  await tap('form-next');
  await tap('form-when-just-now');
  await tap('form-next');
  await resident.getByTestId('form-text').fill(WORDS);
  const sent = resident.waitForResponse((response) => response.url().endsWith('/public/reports'));
  await tap('form-send');
  assert.equal((await sent).status(), 201);
  return performance.now();
}

/** When the newest scuffle that can be played back was in its middle, by the strip that each picture carries. */
async function scuffleAt(page) {
  const read = `(${readStrip})(document.querySelector('[data-testid=lane-1] video'))`;
  for (;;) {
    const ms = Number(await page.getByTestId('wall-time').getAttribute('data-ms'));
    const number = await page.evaluate(read);
    if (number === null) continue;
    const begun = ms - (number / FPS) * 1000;
    const middle = begun + ((SCUFFLE.from + SCUFFLE.to) / 2 / FPS) * 1000;
    const loops = Math.floor((Date.now() - EDGE_MS - 30_000 - middle) / ((LOOP / FPS) * 1000));
    if (loops >= 0 || middle < Date.now() - EDGE_MS - 30_000) return middle + loops * (LOOP / FPS) * 1000;
    await page.waitForTimeout(500);
  }
}

/** Opens playback for the case, goes where the scuffle is by a tap on the timeline, and sees it there. */
async function find(officer, tap) {
  await tap('case-find');
  await officer.locator('[data-testid=lane-1][data-state=ready]').waitFor();
  await officer.waitForFunction(() => document.querySelector('[data-testid=lane-1] video')?.readyState >= 2);
  const moment = await scuffleAt(officer);
  await tap('look-closer');
  await tap('look-closer');
  const timeline = officer.getByTestId('timeline');
  await timeline.scrollIntoViewIfNeeded();
  const box = await timeline.boundingBox();
  const [from, to] = await timeline.evaluate((node) => [Number(node.dataset.from), Number(node.dataset.to)]);
  await tap({ click: () => timeline.click({ position: { x: ((moment - from) / (to - from)) * box.width, y: 50 } }) });
  await officer.waitForFunction((ms) => Math.abs(Number(document.querySelector('[data-testid=wall-time]').dataset.ms) - ms) < 6_000, moment);
  const end = Date.now() + 20_000;
  let number = null;
  while (!(number >= SCUFFLE.from && number < SCUFFLE.to)) {
    assert.ok(Date.now() < end, `picture ${number} shows no scuffle`);
    number = await officer.evaluate(`(${readStrip})(document.querySelector('[data-testid=lane-1] video'))`);
  }
  await check(officer, 'finding footage for a case');
  return moment;
}

/** Who else saw it: the first that comes into question did. The trace becomes part of the case. */
async function trace(officer, tap, number) {
  await tap('trace');
  await officer.getByTestId('trace-by').selectOption('riding');
  await officer.locator('[data-testid=arrival] [data-testid^=lane-][data-state=ready]').first().waitFor();
  await tap(officer.getByTestId('arrival').first().getByTestId('say-seen'));
  assert.equal(new URL(officer.url()).searchParams.get('case'), number, 'the case is the reason for what the trace opens');
  await tap('trace-case');
  await tap(officer.locator(`[data-testid=open-case][data-number="${number}"]`));
  await tap(officer.getByRole('button', { name: 'Xem vụ việc' }));
}

/** The officer asks the houses near; the link that the family gets. */
async function askHousehold(officer, tap, number) {
  await tap('case-households');
  await tap('footage-ask');
  await officer.getByTestId('footage-case').locator(`option[value="${number}"]`).waitFor({ state: 'attached' });
  await officer.getByTestId('footage-case').selectOption(number);
  await officer.getByTestId('footage-what').fill(WHAT);
  await officer.getByTestId('footage-unit').fill('Công an xã');
  await officer.locator('[data-testid=footage-household]:checked').waitFor();
  await check(officer, 'asking for footage');
  await tap('footage-send');
  await tap('footage-link');
  await tap('footage-make-link');
  await officer.waitForFunction(() => document.querySelector('[data-testid=footage-code]')?.naturalWidth > 0);
  const link = await officer.getByTestId('footage-url').inputValue();
  await officer.keyboard.press('Escape');
  return link;
}

/** A no is not told apart from silence; then the family gives a picture and a film after all. */
async function give(household, officer, tap, link, film) {
  await household.goto(link);
  await household.getByText(WHAT).waitFor(); // as it was typed, not as a page
  await check(household, 'asked for footage');
  await household.getByTestId('give-no').click();
  await household.getByText('không ai khác biết').waitFor();
  await household.reload();
  await household.getByText('Gia đình đã trả lời không').waitFor();
  await officer.getByTestId('footage-again').click();
  await officer.getByTestId('footage-state').getByText('0 trong 1').waitFor();
  assert.equal(await officer.getByTestId('footage-files').count(), 0, 'no is not told apart from silence');
  const picture = await household.screenshot();
  await tap({
    click: () =>
      household.getByTestId('give-file').setInputFiles([
        { name: 'a.png', mimeType: 'image/png', buffer: picture },
        { name: 'b.mp4', mimeType: 'video/mp4', buffer: film },
      ]),
  });
  await household.getByText('Đã nhận đủ.').waitFor();
  assert.deepEqual(await household.getByTestId('give-digest').allTextContents(), [picture, film].map(sha256));
  await check(household, 'what was given');
}

/** The officer looks, keeps the film as evidence; the family sees the looks and takes the picture back. */
async function keep(officer, tap, household, film) {
  await officer.getByTestId('footage-again').click();
  await officer.getByTestId('footage-state').getByText('1 trong 1').waitFor();
  await tap(officer.getByTestId('footage-open').first());
  await officer.waitForFunction(() => document.querySelector('[data-testid=footage-image]')?.naturalWidth > 0);
  await tap(officer.getByTestId('footage-open').first());
  const download = officer.waitForEvent('download');
  await officer.getByTestId('footage-download').last().click();
  assert.ok(film.equals(await readFile(await (await download).path())), 'the original, to the byte');
  await check(officer, 'what a household gave');
  assert.match(await officer.locator('li:has([data-testid=footage-video]) [data-testid=watermark] .said').first().textContent(), /^officer · .+ · VV-\d+-\d+$/);
  if (process.env.SHOTS) await officer.screenshot({ path: `${process.env.SHOTS}/given-phone.png`, fullPage: true });
  await tap(officer.getByTestId('footage-keep').last());
  await officer.getByText('Chứng cứ của vụ việc').waitFor();

  await household.reload(); // the address is the link
  await household.getByTestId('give-looks').first().getByText('vì vụ VV-').waitFor();
  await household.getByTestId('give-back').first().click();
  await household.getByTestId('give-back').first().click();
  await household.getByText('Đã lấy lại và xóa').waitFor();
  const [request] = await list(officer, 'footage-requests');
  assert.deepEqual(request.households[0].files.map(({ sha256: digest, evidence }) => [digest, evidence]), [[sha256(film), true]]);
}

/** Asked for by the officer, with what the family gave, approved by the commander, handed over by a link: the address of the package and the link. */
async function makePackage(officer, tap, commander, approve, number, film) {
  await tap('case-package-ask');
  assert.equal(await officer.getByTestId('package-case').inputValue(), number);
  await tap('package-send');
  await officer.getByText('Hãy ghi lý do').waitFor();
  await officer.getByTestId('package-reason').fill('Đánh nhau ở ngã ba');
  await tap('package-give');
  await check(officer, 'asking for a package');
  await tap('package-send');
  await officer.locator('[data-testid=package][data-state=asked]').waitFor();
  assert.equal(await officer.getByTestId('package-approve').count(), 0, 'who asked does not approve');
  const path = new URL(officer.url()).pathname.slice(1);
  await refused([officer, 403, 'POST', `${path}/approval`]);
  await approve('package-look');
  await commander.getByTestId('package-given').getByText(sha256(film)).waitFor();
  await check(commander, 'a package to be approved');
  await approve('package-approve');
  await officer.locator('[data-testid=package][data-state=done]').waitFor();
  await tap('package-hand');
  await officer.getByTestId('hand-receiver').fill('Điều tra viên, Công an tỉnh');
  await officer.getByTestId('hand-downloads').fill('1');
  await check(officer, 'handing over');
  await tap('hand-send');
  const link = await officer.getByTestId('handed-link').inputValue();
  await officer.keyboard.press('Escape');
  await officer.mouse.click(2, 2);
  assert.equal(await officer.getByTestId('handed-link').inputValue(), link, 'a link that is shown this once is not lost by a slip');
  await officer.locator('dialog[open] .head button').click();
  return { path, link };
}

/** Downloads the package, once; checks it by the page that lies in it, without a network, and by the program. */
async function receive(stranger, tap, link, film) {
  await stranger.goto(link);
  await stranger.getByText('Công an tỉnh').waitFor();
  await check(stranger, 'the page of a hand-over');
  const download = stranger.waitForEvent('download');
  await tap('handover-download');
  const zip = join(of.demo.data, 'received.zip');
  await (await download).saveAs(zip);
  await stranger.reload();
  await stranger.getByText('còn 0 lần tải').waitFor();
  assert.equal(await stranger.getByTestId('handover-download').isDisabled(), true);

  const page = fileURLToPath(new URL('../../web/dist/verify.html', import.meta.url));
  assert.ok((await readFile(zip)).includes(await readFile(page)), 'the page lies in the package');
  const checking = await openPage(of.browser, OLD_PHONE);
  try {
    await checking.context().setOffline(true);
    await checking.goto(pathToFileURL(page).href);
    await tap({ click: () => checking.getByTestId('verify-file').setInputFiles(zip) });
    await checking.locator('[data-testid=verify-outcome][data-outcome=unconfirmed]').waitFor();
    await checking.getByTestId('verify-notes').getByText('household/01/given-1.mp4: do hộ dân số 01 gửi').waitFor();
    assert.deepEqual(checking.problems, []);
  } finally {
    await checking.context().close();
  }
  const program = fileURLToPath(new URL('../../build/vonglau', import.meta.url));
  const verify = spawnSync(program, ['verify', zip], { encoding: 'utf8' });
  assert.equal(verify.status, 0, verify.stdout + verify.stderr);
  assert.match(verify.stdout, /household\/01\/given-1\.mp4: given by household 01, not recorded by this server/);
  assert.ok((await readFile(zip)).includes(film), 'what the family gave, to the byte');
  return zip;
}

async function close(officer, tap) {
  await tap('case-to-decided');
  await tap('outcome-mediated');
  await check(officer, 'the outcome of a case');
  await tap('case-step-go');
  await shown(officer, 'decided');
  await tap('case-to-closed');
  await officer.getByTestId('case-words').fill(ANSWER);
  await tap('case-step-go');
  await shown(officer, 'closed');
}

async function play({ head, officer, commander, auditor, resident, household, stranger, taps }) {
  const [camera] = await list(officer, 'cameras?limit=1');
  const place = (await list(officer, 'locations?limit=200')).find(({ id }) => id === camera.location);
  await enterHousehold(head, place);
  await check(head, 'a household that may be asked');
  const screens = [officer, commander, resident, household, stranger].map(screensOf);
  const begun = performance.now();

  const sent = await tell(resident, taps.resident, place);
  await officer.getByTestId('report-came').waitFor();
  const told = Math.round(performance.now() - sent);
  await taps.resident('form-follow');
  await refused([household, 401, 'GET', 'reports'], [auditor, 403, 'GET', 'reports'], [head, 403, 'POST', 'cases'], [auditor, 403, 'POST', 'cases']);

  await taps.officer('report-look');
  await officer.getByText(WORDS).waitFor();
  await taps.officer('case-open');
  await shown(officer, 'new');
  const number = await officer.getByTestId('case-number').textContent();
  const id = new URL(officer.url()).pathname.split('/').at(-1);
  await check(officer, 'a new case');
  await refused([head, 403, 'GET', `cases/${id}`], [household, 401, 'GET', `cases/${id}`], [auditor, 403, 'POST', `cases/${id}/items`]);

  const moment = await find(officer, taps.officer);
  await refused([head, 403, 'GET', `cameras/${camera.id}/coverage`], [auditor, 403, 'GET', `cameras/${camera.id}/coverage`], [household, 401, 'GET', `cameras/${camera.id}/coverage`]);
  await taps.officer('find-around');
  await taps.officer('find-add');
  await officer.getByTestId('find-minutes').waitFor();
  await trace(officer, taps.officer, number);
  await refused([head, 403, 'GET', 'traces'], [auditor, 403, 'GET', 'traces']);

  await shown(officer, 'preserved');
  await officer.locator('[data-testid=case-item][data-kind=trace]').waitFor();
  await officer.waitForFunction(() => document.querySelector('[data-testid=case-footage] img')?.naturalWidth > 0);
  assert.match(await officer.locator('[data-testid=case-footage] [data-testid=watermark]').first().textContent(), new RegExp(`^officer · .+ · ${number}$`));
  await taps.officer('hold-confirm');
  await officer.getByTestId('case-hold').nth(1).waitFor();
  await check(officer, 'a case with footage');
  const [hold] = (await ask(officer, `cases/${id}`)).holds;
  await refused([officer, 403, 'POST', `cases/${id}/holds/${hold.id}/approval`], [auditor, 403, 'POST', `cases/${id}/holds/${hold.id}/release`], [head, 403, 'POST', `cases/${id}/holds`]);

  const [before, after] = [moment - 10_000, moment + 10_000].map((ms) => new Date(ms).toISOString());
  const film = Buffer.from(await (await officer.request.get(await filmAddress(officer.request, of.demo.url, camera.id, before, after))).body());
  const given = await askHousehold(officer, taps.officer, number);
  await give(household, officer, taps.household, given, film);
  await refused([head, 403, 'GET', 'footage-requests'], [auditor, 403, 'POST', 'footage-requests'], [stranger, 401, 'GET', 'footage-requests']);
  const secret = /^.*#(.*)$/.exec(given)[1];
  assert.ok(!(await officer.content()).includes(secret), 'the secret is shown once');
  await keep(officer, taps.officer, household, film);

  await officer.goto(at(`cases/${id}`));
  await officer.locator('[data-testid=case-item][data-kind=household-file]').getByText(sha256(film)).waitFor();
  const { path, link } = await makePackage(officer, taps.officer, commander, taps.commander, number, film);
  await refused([head, 403, 'GET', path], [auditor, 403, 'GET', path], [household, 401, 'GET', path], [head, 403, 'POST', 'packages']);
  await receive(stranger, taps.stranger, link, film);
  await household.reload();
  await household.getByTestId('give-looks').getByText(/bàn giao một bản của gói \(CC-\d+-\d+\/1\)/).waitFor();
  await check(household, 'what became of it');
  const robot = Math.round((performance.now() - begun) / 1000);
  const tapped = Object.values(taps.counts()).reduce((sum, n) => sum + n, 0);
  const opened = screens.flat().length + 1; // and the page that lies in the package
  console.log(`# from the report to the verified package: ${tapped} taps ${JSON.stringify(taps.counts())} on ${opened} screens; told after ${told} ms (a robot took ${robot} s)`);
  assert.ok(tapped <= MOST_TAPS, `${tapped} taps`);
  await officer.getByTestId('package-copy').getByText('đã tải 1 lần').waitFor();
  await check(officer, 'a package that was handed over');

  await officer.goto(at(`cases/${id}`));
  await shown(officer, 'exported');
  await refused([head, 403, 'PATCH', `cases/${id}`], [auditor, 403, 'PATCH', `cases/${id}`]);
  await close(officer, taps.officer);
  await taps.resident('form-look');
  await resident.getByTestId('form-answer').getByText('hòa giải').waitFor();

  const looks = (await ask(auditor, 'audit?limit=200')).items;
  for (const action of ['replay', 'household-file']) assert.ok(looks.some((one) => one.action === action && one.reason?.includes(number)), `the log says for which case: ${action}`);
  for (const action of ['package-ask', 'package-approve', 'package-hand', 'package-fetch']) assert.ok(looks.some((one) => one.action === action), action);
  await commander.goto(at('month'));
  await commander.getByTestId('month-cases').getByText('Mở 1 vụ việc').first().waitFor();
  await commander.getByTestId('month-outcomes').getByText('Đã hòa giải').waitFor();
  assert.equal(await commander.getByTestId('month-told').innerText(), '1');
  await refused([head, 403, 'GET', `months/${new Date().toISOString().slice(0, 7)}`], [household, 401, 'GET', `months/${new Date().toISOString().slice(0, 7)}`]);
}

test('a resident, a village head, an officer, a household and a commander: from the report to the closed case in the month', () =>
  withPage(PHONE, 'village', (head) =>
    withPage(PHONE, 'officer', (officer, byOfficer, nOfficer) =>
      withPage(DESKTOP, 'commander', (commander, byCommander, nCommander) =>
        withPage(OLD_PHONE, null, (resident, byResident, nResident) =>
          withPage(OLD_PHONE, null, (household, byHousehold, nHousehold) =>
            withPage(DESKTOP, null, (stranger, byStranger, nStranger) =>
              withPage(DESKTOP, null, async (auditor) => {
                await send(auditor, 'session', { name: 'auditor', password: of.demo.accounts.auditor }, 200);
                const counts = () => ({ resident: nResident(), officer: nOfficer(), household: nHousehold(), commander: nCommander(), receiver: nStranger() });
                const taps = { resident: byResident, officer: byOfficer, household: byHousehold, commander: byCommander, stranger: byStranger, counts };
                await play({ head, officer, commander, auditor, resident, household, stranger, taps });
              }),
            ),
          ),
        ),
      ),
    ),
  ));
