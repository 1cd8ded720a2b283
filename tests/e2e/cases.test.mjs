// cases.test.mjs — from a report to a closed case on a phone, with the taps counted: opened, footage found and held,
// decided, closed, and the answer read by the resident; a hold released by two persons; a case as the reason for
// looking at footage.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, startBrowser, startDemo } from './demo.mjs';
import { inPage } from './in-page.mjs';

/** Footage older than this is looked at for a reason only, seconds. */
const OLD_S = 5;
/** so that there is footage which needs a reason */
const FOOTAGE_MS = 12_000;
const MOST_TAPS = 12;
const ANSWER = 'Tổ tuần tra đã tới, hai bên đã hòa giải.';

let demo;
let browser;

before(async () => {
  demo = await startDemo(2, ['--scene', 'test']);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const withPage = (screen, account, body) => inPage(browser, demo, screen, account, body);
const at = (path) => new URL(path, demo.url).href;
const ask = async (page, path) => (await page.request.get(at(`api/v1/${path}`))).json();

async function send(page, path, data, status = 201) {
  const response = await page.request.post(at(`api/v1/${path}`), { data });
  assert.equal(response.status(), status, await response.text());
  return response.json();
}

/** What a resident tells: the address at which its answer is read. */
async function told(page, location) {
  const now = Date.now();
  const { number, secret } = await send(page, 'public/reports', { kind: 'fight', location, from: new Date(now - 900_000).toISOString(), to: new Date(now).toISOString(), span_words: 'just-now', text: 'Hai người đánh nhau.', key: crypto.randomUUID() });
  return { number, link: at(`bao-tin#s=${number}.${secret}`) };
}

const shown = (page, state) => page.locator(`[data-testid=case-state][data-state=${state}]`).waitFor();

test('an officer’s phone: report, case, footage, hold, outcome, closed; and the resident reads the answer', () =>
  withPage(DESKTOP, 'admin', (admin) =>
    withPage(PHONE, 'officer', async (page, tap, taps) => {
      const rule = await admin.request.patch(at('api/v1/policy'), { data: { reason_after_s: OLD_S } });
      assert.equal(rule.status(), 200);
      const camera = (await ask(page, 'cameras')).items[0];
      await page.waitForTimeout(Math.max(0, demo.since + FOOTAGE_MS - performance.now()));
      const report = await told(page, camera.location);

      await tap('report-look');
      await tap('case-open');
      await shown(page, 'new');
      const number = await page.getByTestId('case-number').textContent();
      assert.match(number, /^VV-\d{4}-\d{4}$/);
      await check(page, 'a new case');

      await tap('case-find');
      await page.locator('[data-testid=lane-1][data-state=ready]').waitFor(); // nobody was asked why
      assert.equal(await page.getByTestId('reason-routine-check').count(), 0);
      await tap('find-around');
      await check(page, 'finding footage for a case');
      await tap('find-add');
      await page.getByTestId('find-minutes').waitFor();
      await tap(page.getByRole('button', { name: 'Xem vụ việc' }));
      await shown(page, 'preserved');
      await page.getByTestId('case-minutes').waitFor();
      await page.locator('[data-testid=case-item][data-kind=footage]').waitFor();
      await page.waitForFunction(() => document.querySelector('[data-testid=case-footage] img')?.naturalWidth > 0);
      await page.getByTestId('case-hold').waitFor();
      await check(page, 'a case with footage');

      await tap('case-to-decided');
      await tap('outcome-mediated');
      await check(page, 'the outcome of a case');
      await tap('case-step-go');
      await shown(page, 'decided');
      await tap('case-to-closed');
      await page.getByTestId('case-words').fill(ANSWER);
      await tap('case-step-go');
      await shown(page, 'closed');
      console.log(`# ${taps()} taps from the notice of a report to the closed case`);
      assert.ok(taps() <= MOST_TAPS, `${taps()} taps`);

      const { items } = await ask(admin, 'audit?limit=100');
      assert.ok(items.some(({ action, reason }) => action === 'replay' && reason.includes(number)), 'the log says for which case footage was opened');
      await page.goto(report.link);
      await page.getByTestId('form-answer').getByText('hòa giải').waitFor();
    }),
  ));

test('a hold is released by two persons, and whoever asked reads why one is not enough', () =>
  withPage(PHONE, 'officer', (officer, tap) =>
    withPage(DESKTOP, 'commander', async (commander) => {
      const camera = (await ask(officer, 'cameras')).items[0];
      const now = Date.now();
      const span = { from: new Date(now - 15_000).toISOString(), to: new Date(now - 5_000).toISOString() };
      const one = await send(officer, 'cases', { kind: 'theft', location: camera.location, ...span, key: crypto.randomUUID() });
      await send(officer, `cases/${one.id}/items`, { kind: 'footage', camera: camera.id, ...span });

      await officer.goto(at(`cases/${one.id}`));
      await tap('hold-ask-release');
      await officer.getByTestId('release-reason').fill('Không liên quan tới vụ việc.');
      await check(officer, 'asking for the release of a hold');
      await tap('release-send');
      await officer.getByTestId('hold-bar').getByText('một người khác').waitFor();
      assert.equal(await officer.getByTestId('hold-release').count(), 0);

      await commander.goto(at('cases'));
      await commander.locator(`[data-testid=case-row][data-number="${one.number}"]`).click();
      await commander.getByTestId('case-hold').getByText('Không liên quan').waitFor();
      await check(commander, 'a case on a desk');
      await commander.getByTestId('hold-release').click();
      await commander.locator('[data-testid=case-hold][data-released=true]').waitFor();
      await officer.locator('[data-testid=case-hold][data-released=true]').waitFor(); // told over the socket
    }),
  ));

test('a case of one’s own is the reason by one tap; notes, people and nothing seen are kept; it is handed over', () =>
  withPage(PHONE, 'officer', async (page, tap) => {
    const camera = (await ask(page, 'cameras')).items[1];
    const now = Date.now();
    const one = await send(page, 'cases', { kind: 'environment', location: camera.location, from: new Date(now - 20_000).toISOString(), to: new Date(now).toISOString(), key: crypto.randomUUID() });

    await page.goto(at(`playback/${camera.id}?at=${new Date(now - 15_000).toISOString()}`));
    await page.locator(`[data-testid=open-case][data-number="${one.number}"]`).waitFor();
    assert.equal(await page.getByTestId('reason-words').count(), 0, 'one’s own words are no reason here');
    await check(page, 'a case as the reason');
    await tap(page.locator(`[data-testid=open-case][data-number="${one.number}"]`));
    await page.locator('[data-testid=lane-1][data-state=ready]').waitFor();

    await page.goto(at(`cases/${one.id}`));
    await tap('case-find');
    await tap('find-nothing');
    await page.getByText('Đã ghi: xem').waitFor();
    await tap('find-case');
    await page.locator('[data-testid=case-item][data-kind=nothing-seen]').waitFor();
    await tap('case-note');
    await page.getByTestId('note-text').fill('Đã gặp chủ quán.');
    await tap('note-save');
    await tap('case-person');
    await tap('person-witness');
    await tap('person-save');
    await page.getByText('1 người làm chứng').waitFor();
    await tap('case-give');
    await check(page, 'handing a case over');
    await tap('assign-commander');
    await page.getByTestId('case-assignee').getByText('commander').waitFor();
    await tap('nav-reports');
    await tap('part-cases');
    await page.getByTestId('case-row').first().waitFor();
    await check(page, 'cases');
  }));

test('village heads see no case, auditors see them and change none', async () => {
  await withPage(PHONE, 'village', async (page) => {
    await page.getByTestId('nav-reports').click();
    await page.getByTestId('report-now').waitFor();
    assert.equal(await page.getByTestId('part-cases').count(), 0);
    assert.equal((await page.request.get(at('api/v1/cases'))).status(), 403);
  });
  await withPage(DESKTOP, null, async (page) => {
    await page.getByTestId('signin-name').fill('auditor');
    await page.getByTestId('signin-password').fill(demo.accounts.auditor);
    await page.getByTestId('signin-submit').click();
    await page.getByTestId('nav-cases').click();
    await page.getByTestId('case-row').first().click();
    await page.getByTestId('case-state').waitFor();
    for (const id of ['case-find', 'case-give', 'case-note', 'case-to-decided', 'hold-ask-release']) assert.equal(await page.getByTestId(id).count(), 0, id);
    await check(page, 'a case as an auditor sees it');
  });
});
