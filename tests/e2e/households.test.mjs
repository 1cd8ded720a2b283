// households.test.mjs — a household's camera in the register: a village head enters it at the door, an officer finds it
// from a report's place and calls; out again in one tap. An officer sends a request again after a lost answer and
// withdraws it. What households give: story.test.mjs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './accessible.mjs';
import { commune } from './commune.mjs';
import { PHONE } from './demo.mjs';

const { at, list, withPage } = commune(2);

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

/** The form is sent twice, as the first answer is lost on the line: one request stands. It is withdrawn; the family reads so. */
async function askAndWithdraw(officer, report) {
  const { number } = await (await officer.request.post(at('api/v1/cases'), { data: { reports: [report.number] } })).json();
  await officer.goto(at(`reports/${report.id}`));
  await officer.getByTestId('report-households').click();
  await officer.route('**/api/v1/cases?*', (route) => route.abort());
  await officer.getByTestId('footage-ask').click();
  await officer.getByTestId('footage-cases-again').waitFor();
  await officer.unroute('**/api/v1/cases?*');
  await officer.getByTestId('footage-cases-again').click();
  await officer.getByTestId('footage-case').locator(`option[value="${number}"]`).waitFor({ state: 'attached' });
  await officer.getByTestId('footage-what').fill('Xe máy đỏ');
  await officer.getByTestId('footage-unit').fill('Công an xã');
  await officer.locator('[data-testid=footage-household]:checked').waitFor();
  let lost = 0;
  await officer.route('**/api/v1/footage-requests', async (route) => {
    if (route.request().method() !== 'POST' || lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort();
  });
  await officer.getByTestId('footage-send').click();
  await officer.getByTestId('footage-error').getByText('Không kết nối được').waitFor();
  await officer.goBack(); // the form is left, and opened again
  await officer.getByTestId('footage-ask').click();
  await officer.getByTestId('footage-case').locator(`option[value="${number}"]`).waitFor({ state: 'attached' });
  await officer.locator('[data-testid=footage-household]:checked').waitFor();
  await officer.getByTestId('footage-send').click();
  await officer.getByTestId('footage-state').getByText('0 trong 1').waitFor();
  const [request, ...others] = await list(officer, 'footage-requests');
  assert.equal(others.length, 0, 'a request stands once');
  const data = { household: request.households[0].household, app: at('') };
  const { url } = await (await officer.request.post(at(`api/v1/footage-requests/${request.id}/links`), { data })).json();

  await withPage(PHONE, null, (family) => withdrawWhileTheFamilyLooks(officer, family, url));
}

/** The family has the page open, and chooses a film, when nobody wants it any more. */
async function withdrawWhileTheFamilyLooks(officer, family, url) {
  await family.goto(url);
  await family.getByTestId('give-no').waitFor();
  await officer.route('**/api/v1/footage-requests/*', (route) => route.abort());
  await officer.getByTestId('footage-again').click();
  await officer.getByTestId('footage-trouble').getByText('Bên dưới là tình hình lúc').waitFor();
  await officer.getByTestId('footage-state').getByText('0 trong 1').waitFor();
  await officer.unroute('**/api/v1/footage-requests/*');
  await officer.getByTestId('footage-withdraw').click();
  await officer.getByTestId('withdraw-reason').fill('Đã tìm thấy xe');
  await check(officer, 'withdrawing a request');
  await officer.getByTestId('withdraw-send').click();
  await officer.getByTestId('footage-withdrawn').getByText('Đã tìm thấy xe').waitFor();
  await check(officer, 'a withdrawn request');
  await family.getByTestId('give-file').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: await family.screenshot() });
  await family.getByTestId('give-withdrawn').waitFor();
  assert.equal(await family.getByTestId('give-file').count(), 0, 'nothing more can be sent');
  await check(family, 'no longer asked for footage');
}

test('a village head enters a household, an officer finds it near a report, asks and withdraws, and one tap takes it out', () =>
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

      await askAndWithdraw(officer, told);

      await head.getByTestId('household-revoke').click();
      await head.getByTestId('household-revoke-yes').click();
      await head.getByText('1 hộ đã rút tên').waitFor();
      await officer.goto(at(`households/${seen.id}`));
      await officer.getByTestId('household-gone').waitFor();
      assert.equal((await officer.request.get(at(`api/v1/households/${seen.id}/photo`))).status(), 404);
    }),
  ));
