// households.test.mjs — a household's camera in the register: a village head enters it at the door, an officer finds it
// from a report's place and calls; out again in one tap.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { PHONE, openPage, signIn, startBrowser, startDemo } from './demo.mjs';

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

async function withPage(screen, account, body) {
  const page = await openPage(browser, screen);
  try {
    if (account) await signIn(page, demo.url, account, demo.accounts[account]);
    await body(page);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.context().close();
  }
}

const at = (path) => new URL(path, demo.url).href;
const list = async (page, path) => (await (await page.request.get(at(`api/v1/${path}`))).json()).items;

/** The three steps at the door of a house some 20 m south of the location. */
async function enter(head, place) {
  await head.context().grantPermissions(['geolocation']);
  await head.context().setGeolocation({ latitude: place.latitude - 0.0002, longitude: place.longitude });
  await head.goto(at('settings'));
  await head.getByTestId('households-open').click();
  await head.getByTestId('households-none').waitFor();
  await head.getByTestId('household-add').click();
  await head.getByTestId('household-next').click();
  await head.getByText('Chủ nhà phải đồng ý trước khi ghi.').waitFor();
  await head.getByTestId('household-level-1').check();
  await head.getByTestId('household-agreed').check();
  await check(head, 'a household: consent');
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-here').click();
  await head.getByText('Đã chỉ trên bản đồ').waitFor();
  await head.getByTestId('household-view').fill('Cổng và ngõ vào chợ');
  await head.getByTestId('household-heading').selectOption('0');
  await head.getByTestId('household-days').fill('7');
  await head.locator('.leaflet-control-scale').waitFor();
  await check(head, 'a household: place');
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-name').fill('Bà Hai');
  await head.getByTestId('household-phone').fill('0900 000 001');
  await head.getByTestId('household-photo').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: await head.screenshot() });
  await head.getByText('Đã có ảnh').waitFor();
  await check(head, 'a household: contact');
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-consent').waitFor();
}

test('a village head enters a household, an officer finds it near a report and calls, and one tap takes it out', () =>
  withPage(PHONE, 'village', (head) =>
    withPage(PHONE, 'officer', async (officer) => {
      const [place] = (await list(head, 'locations')).filter(({ latitude }) => latitude);
      await enter(head, place);
      await head.waitForFunction(() => document.querySelector('[data-testid=household-view-photo]')?.naturalWidth > 0);
      await check(head, 'a household');

      const now = new Date().toISOString();
      const report = await officer.request.post(at('api/v1/reports'), { data: { kind: 'theft', from: now, to: now, location: place.id, text: 'Mất xe' } });
      await officer.goto(at(`reports/${(await report.json()).id}`));
      await officer.getByTestId('report-households').click();
      await officer.getByText('Hướng về chỗ đó').waitFor();
      await officer.locator('.leaflet-control-scale').waitFor();
      await check(officer, 'households near a report');
      await officer.getByTestId('household-row').click();
      await officer.getByTestId('household-contact').click();
      await officer.getByTestId('household-person').getByText('0900 000 001').waitFor();
      const [seen] = await list(officer, 'households');
      assert.ok(!JSON.stringify(seen).includes('Bà Hai'), 'lists tell nobody');

      await head.getByTestId('household-revoke').click();
      await check(head, 'taking a household out');
      await head.getByTestId('household-revoke-yes').click();
      await head.getByText('1 hộ đã rút tên').waitFor();
      await check(head, 'the register');
      await officer.reload();
      await officer.getByTestId('household-gone').waitFor();
      assert.equal((await officer.request.get(at(`api/v1/households/${seen.id}/photo`))).status(), 404);
    }),
  ));
