// households.test.mjs — a household's camera in the register: a village head enters it at the door, an officer finds it
// from a report's place and calls; out again in one tap. What it is asked for and gives: story.test.mjs.
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

test('a village head enters a household, an officer finds it near a report, and one tap takes it out', () =>
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

      await head.getByTestId('household-revoke').click();
      await head.getByTestId('household-revoke-yes').click();
      await head.getByText('1 hộ đã rút tên').waitFor();
      await officer.reload();
      await officer.getByTestId('household-gone').waitFor();
      assert.equal((await officer.request.get(at(`api/v1/households/${seen.id}/photo`))).status(), 404);
    }),
  ));
