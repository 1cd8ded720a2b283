// households.test.mjs — a household's camera in the register: a village head enters it at the door, an officer finds it
// from a report's place, calls, asks for footage; the household gives it by its link, sees who looked, takes it back;
// out again in one tap.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { PHONE, openPage, signIn, startBrowser, startDemo } from './demo.mjs';

/** the smallest and oldest that the page is for */
const OLD_PHONE = { viewport: { width: 320, height: 568 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
/** A film of two pieces, by its first bytes. */
const FILM = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom\0\0\0\0isomiso2avc1', 'latin1'), Buffer.alloc(5 << 20, 7)]);

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
  await head.getByTestId('household-next').click();
  await head.getByTestId('household-consent').waitFor();
}

/** An officer asks, the household answers on a phone of its own, without an account. */
async function askFor(officer, household, report) {
  await officer.goto(at(`reports/${report}`));
  await officer.getByTestId('report-households').click();
  await officer.getByTestId('footage-ask').click();
  await officer.getByTestId('footage-what').fill('Xe máy đỏ <b>chạy</b> về phía cầu');
  await officer.getByTestId('footage-unit').fill('Công an xã');
  await officer.locator('[data-testid=footage-household]:checked').waitFor();
  await officer.waitForFunction(() => document.querySelector('[data-testid=footage-case]')?.value === 'new');
  await check(officer, 'asking for footage');
  await officer.getByTestId('footage-send').click();
  await officer.getByTestId('footage-link').click();
  await officer.getByTestId('footage-make-link').click();
  await officer.waitForFunction(() => document.querySelector('[data-testid=footage-code]')?.naturalWidth > 0);
  const link = await officer.getByTestId('footage-url').inputValue();
  await officer.keyboard.press('Escape');

  await withPage(OLD_PHONE, null, async (owner) => {
    await owner.goto(link);
    await owner.getByText('Xe máy đỏ <b>chạy</b> về phía cầu').waitFor(); // as it was typed, not as a page
    await check(owner, 'asked for footage');
    await owner.getByTestId('give-no').click();
    await owner.getByText('Không ai thấy tên nhà mình').waitFor();
    await officer.getByTestId('footage-again').click();
    await officer.getByTestId('footage-state').getByText('0 trong 1').waitFor();
    assert.equal(await officer.getByTestId('footage-files').count(), 0, 'no is not told apart from silence');

    const picture = await owner.screenshot();
    await owner.getByTestId('give-file').setInputFiles([
      { name: 'a.png', mimeType: 'image/png', buffer: picture },
      { name: 'b.mp4', mimeType: 'video/mp4', buffer: FILM },
    ]);
    await owner.getByText('Đã nhận đủ.').waitFor();
    const digests = await owner.getByTestId('give-digest').allTextContents();
    assert.deepEqual(digests, [picture, FILM].map((bytes) => createHash('sha256').update(bytes).digest('hex')));
    await check(owner, 'what was given');

    await officer.getByTestId('footage-again').click();
    await officer.getByTestId('footage-state').getByText('1 trong 1').waitFor();
    await officer.getByTestId('footage-open').first().click();
    await officer.waitForFunction(() => document.querySelector('[data-testid=footage-image]')?.naturalWidth > 0);
    await officer.getByTestId('footage-open').first().click();
    const download = officer.waitForEvent('download');
    await officer.getByTestId('footage-download').last().click();
    assert.ok(FILM.equals(await readFile(await (await download).path())), 'the original, to the byte');
    await check(officer, 'what a household gave');

    await owner.reload(); // the address is the link
    await owner.getByTestId('give-looks').first().getByText('vì vụ VV-').waitFor();
    await owner.getByTestId('give-back').first().click();
    await owner.getByTestId('give-back').first().click();
    await owner.getByText('Đã lấy lại và xóa').waitFor();
    const [request] = await list(officer, 'footage-requests');
    assert.equal(request.households.find((one) => one.household === household.id).files.length, 1);
  });
  await officer.goto(at(`households/${household.id}`));
}

test('a village head enters a household, an officer finds it near a report and asks, the household gives and takes back, and one tap takes it out', () =>
  withPage(PHONE, 'village', (head) =>
    withPage(PHONE, 'officer', async (officer) => {
      const [place] = (await list(head, 'locations')).filter(({ latitude }) => latitude);
      await enter(head, place);
      await head.waitForFunction(() => document.querySelector('[data-testid=household-view-photo]')?.naturalWidth > 0);
      await check(head, 'a household');

      const now = new Date().toISOString();
      const told = await (await officer.request.post(at('api/v1/reports'), { data: { kind: 'theft', from: now, to: now, location: place.id, text: 'Mất xe' } })).json();
      await officer.goto(at(`reports/${told.id}`));
      await officer.getByTestId('report-households').click();
      await officer.getByText('Hướng về chỗ đó').waitFor();
      await officer.locator('.leaflet-control-scale').waitFor();
      await check(officer, 'households near a report');
      await officer.getByTestId('household-row').click();
      await officer.getByTestId('household-contact').click();
      await officer.getByTestId('household-person').getByText('0900 000 001').waitFor();
      const [seen] = await list(officer, 'households');
      assert.ok(!JSON.stringify(seen).includes('Bà Hai'), 'lists tell nobody');

      await askFor(officer, seen, told.id);

      await head.getByTestId('household-revoke').click();
      await head.getByTestId('household-revoke-yes').click();
      await head.getByText('1 hộ đã rút tên').waitFor();
      await officer.reload();
      await officer.getByTestId('household-gone').waitFor();
      assert.equal((await officer.request.get(at(`api/v1/households/${seen.id}/photo`))).status(), 404);
    }),
  ));
