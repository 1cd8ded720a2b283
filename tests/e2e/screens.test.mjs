// screens.test.mjs — each screen in a browser: what people type wrong, what each role sees, a camera
// from its address to its removal, both languages and themes, and the rules of accessibility.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, startBrowser, startDemo } from './demo.mjs';
import { inPage, toCameras } from './in-page.mjs';
import { checkListed, walk } from './every-screen.mjs';
import { codeOf } from './totp.mjs';

/** How long the demo must have recorded before the last 20 s are all there. */
const FOOTAGE_MS = 25_000;

let demo;
let browser;

before(async () => {
  demo = await startDemo(4, ['--scene', 'test']);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const withPage = (screen, account, body) => inPage(browser, demo, screen, account, body);

/** By night, and once more what light changes. */
async function checkBoth(page, where) {
  await check(page, where);
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
  await check(page, `${where}, light`, true);
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
}

/** Seen, and what a tap on its middle meets. */
const isUnderThumb = (page, id) =>
  page.getByTestId(id).evaluate((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
  });

/** On a phone the bar has five places, each as wide as a thumb and in sight, and says where one is. */
async function checkBar(page) {
  const places = page.locator('[data-testid^=nav-]');
  const boxes = await places.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
  const { width, height } = page.viewportSize();
  assert.equal(boxes.length, 5);
  for (const box of boxes) assert.ok(box.width >= 72 && box.height >= 48 && box.left >= 0 && box.right <= width && box.bottom <= height, JSON.stringify(box));
  const current = await page.locator('[data-testid^=nav-][aria-current]').evaluateAll((all) => all.map((one) => one.dataset.testid));
  assert.deepEqual(current, ['nav-settings'], 'cameras lie under settings');
}

async function checkAll(page) {
  await page.getByTestId('nav-map').click();
  await page.locator('.map-icon button').first().waitFor();
  await check(page, 'map');
  await page.getByTestId('nav-live').click();
  await page.getByTestId('age').first().waitFor();
  await check(page, 'live');
  await page.getByTestId('tile-1').click();
  await page.getByTestId('player-age').waitFor();
  await check(page, 'one camera');
  await page.waitForTimeout(Math.max(0, demo.since + FOOTAGE_MS - performance.now()));
  await page.getByTestId('to-playback').click();
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
  for (const id of ['playback-camera', 'moment']) assert.ok(await isUnderThumb(page, id), `${id} is in reach, however long the page is`);
  await page.getByTestId('mark-from').click();
  await page.waitForTimeout(1_500);
  await page.getByTestId('mark-to').click();
  await page.getByTestId('clip').waitFor();
  await checkBoth(page, 'playback');
  await toCameras(page);
  await page.getByTestId('camera-add').click();
  await checkBar(page);
  await check(page, 'adding a camera');
  await toCameras(page);
  await page.getByTestId('cameras-summary').waitFor();
  await check(page, 'cameras');
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('user-add').click();
  await checkBoth(page, 'settings');
  await page.getByTestId('audit-open').click();
  await page.getByTestId('audit-lines').waitFor();
  await check(page, 'audit log');
}

test('wrong words at the door are told in words', () =>
  withPage(PHONE, null, async (page) => {
    await page.getByTestId('signin-name').fill('officer');
    await page.getByTestId('signin-password').fill('not the password');
    await page.getByTestId('signin-submit').click();
    await page.getByText('Tên đăng nhập hoặc mật khẩu không đúng.').waitFor();
    await check(page, 'sign-in');
  }));

test('a camera is tried, added, paused, resumed and removed', () =>
  withPage(DESKTOP, 'admin', async (page) => {
    const known = (await (await page.request.get(`${demo.url}/api/v1/cameras`)).json()).items.find(({ user }) => user);
    const [, number] = /cam(\d+)/.exec(known.url);
    await toCameras(page);
    await page.getByTestId('camera-add').click();

    await page.getByTestId('camera-url').fill('192.168.1.64');
    await page.getByTestId('camera-probe').click();
    await page.getByText('Địa chỉ phải bắt đầu bằng rtsp://').waitFor();

    await page.getByTestId('camera-url').fill(known.url);
    await page.getByTestId('camera-user').fill(known.user);
    await page.getByTestId('camera-password').fill('wrong');
    await page.getByTestId('camera-probe').click();
    await page.getByText('Sai tên hoặc mật khẩu của camera.').waitFor();

    await page.getByTestId('camera-password').fill(`xem-cam${number}`);
    await page.getByTestId('camera-probe').click();
    const picture = page.getByTestId('probe-result').locator('img');
    await picture.waitFor();
    assert.ok((await picture.evaluate((image) => image.naturalWidth)) > 300, 'the probe shows a picture');

    await page.getByTestId('camera-name').fill('Camera thử');
    await page.getByTestId('camera-save').click();
    const card = page.locator('li.card', { hasText: 'Camera thử' });
    await card.getByText('Đang chạy').waitFor();

    await card.getByText('Sửa').click();
    await page.getByTestId('camera-pause').click();
    await page.getByTestId('pause-reason').fill('Thay dây nguồn');
    await page.getByTestId('pause-confirm').click();
    await page.getByText('Đã tạm dừng Camera thử.').waitFor();
    await toCameras(page);
    await card.getByText('Lý do: Thay dây nguồn').waitFor();
    await card.getByText('Chạy lại').click();
    await card.getByText('Đang chạy').waitFor();

    await card.getByText('Sửa').click();
    await page.getByTestId('camera-remove').click();
    await page.getByTestId('remove-confirm').click();
    await page.getByText('Đã gỡ Camera thử.').waitFor();
    assert.equal(await card.count(), 0);
  }));

test('cameras come from a file: each line is told before anything is added, with a picture, and what is wrong stays out', () =>
  withPage(PHONE, 'admin', async (page) => {
    const known = (await (await page.request.get(`${demo.url}/api/v1/cameras`)).json()).items.find(({ user, sub_url: sub }) => user && sub);
    const [, number] = /cam(\d+)/.exec(known.url);
    const rows = [
      ['name', 'url', 'host', 'make', 'user', 'password'],
      ['Camera từ tệp', known.sub_url, '', '', known.user, `xem-cam${number}`],
      ['Đã có', known.url, '', '', known.user, 'x'],
      ['Hãng lạ', '', '10.9.0.1', 'acme', '', ''],
    ];
    await toCameras(page);
    await page.getByTestId('camera-import').click();
    await page.getByTestId('import-file').setInputFiles({ name: 'cameras.csv', mimeType: 'text/csv', buffer: Buffer.from('\ufeff' + rows.map((row) => row.join(';')).join('\r\n')) });
    await page.getByText('1 camera mới · 1 camera đã có · 1 dòng sai').waitFor();
    await page.getByTestId('import-line-3').getByText(`Địa chỉ này đã có: camera “${known.name}”`).waitFor();
    await page.getByTestId('import-line-4').getByText('Cột make: chưa biết hãng này.').waitFor();
    const picture = page.getByTestId('import-line-2').locator('img');
    await picture.waitFor();
    assert.ok((await picture.evaluate((image) => image.naturalWidth)) > 300, 'the picture of the line is shown before it is added');
    await checkBoth(page, 'a table of cameras');
    await page.getByTestId('import-add').click();
    await page.getByTestId('import-line-2').getByText('Đã thêm', { exact: true }).waitFor();
    await page.getByTestId('import-close').click();
    const card = page.locator('li.card', { hasText: 'Camera từ tệp' });
    await card.getByText('Đang chạy').waitFor();
    const { items } = await (await page.request.get(`${demo.url}/api/v1/cameras`)).json();
    assert.ok(!items.some(({ name }) => name === 'Hãng lạ' || name === 'Đã có'), 'nothing else was added');
    await page.evaluate((id) => fetch(`/api/v1/cameras/${id}`, { method: 'DELETE' }), items.find(({ name }) => name === 'Camera từ tệp').id);
  }));

const RIVER = {
  type: 'FeatureCollection',
  features: [{ type: 'Feature', properties: { waterway: 'river' }, geometry: { type: 'LineString', coordinates: [[103.1, 21.4], [103.2, 21.5]] } }],
};

test('the map is the first screen; a camera on it shows its picture and leads on', () =>
  withPage(PHONE, 'admin', async (page) => {
    await page.goto(demo.url);
    await page.getByTestId('map-list').click();
    await page.getByTestId('map-cameras').getByText('Cổng nhà văn hóa bản Phăng', { exact: true }).click();
    const card = page.getByTestId('map-card');
    await card.getByText('Đang ghi').waitFor();
    await card.getByTestId('age').waitFor();
    await check(page, 'card on the map');
    await page.keyboard.press('Escape');
    const camera = page.getByRole('button', { name: 'Cổng nhà văn hóa bản Phăng, Nhà văn hóa bản Phăng: Đang ghi' });
    assert.ok(await camera.evaluate((button) => button === document.activeElement), 'the focus is back on the camera');
    await page.getByTestId('map-here').click();
    const near = page.getByTestId('map-nearest').getByRole('button');
    await near.filter({ hasText: 'Cổng nhà văn hóa bản Phăng' }).waitFor();
    await check(page, 'nearest cameras');
    await page.keyboard.press('Escape');
    await camera.press('Enter');
    await card.getByTestId('map-live').click();
    await page.getByTestId('player-canvas').waitFor();
  }));

test('a map of the site is given, refused with the reason, and taken away', () =>
  withPage(DESKTOP, 'admin', async (page) => {
    const give = (text) => page.getByTestId('map-file').setInputFiles({ name: 'xa.geojson', mimeType: 'application/json', buffer: Buffer.from(text) });
    const kept = async () => (await (await page.request.get(`${demo.url}/api/v1/map`)).json()).features.length;
    await page.getByTestId('nav-map').click();
    assert.ok((await kept()) > 100, 'the demo has drawn its commune');
    await page.getByTestId('map-ground').click();
    await check(page, 'the map itself');
    await give('{"type":"Topology"}');
    await page.getByText('Tệp này không phải GeoJSON.').waitFor();
    await give(JSON.stringify(RIVER));
    await page.getByText('Đã dùng 1 trong 1 hình của tệp.').waitFor();
    assert.equal(await kept(), 1);
    await page.getByTestId('map-ground').click();
    await page.getByTestId('map-remove').click();
    await page.getByTestId('map-remove-confirm').click();
    await page.getByText('Đã gỡ bản đồ nền.').waitFor();
    assert.equal(await kept(), 0);
  }));

test('a location is put on the map, a camera is turned by hand, an empty location is removed', () =>
  withPage(PHONE, 'admin', async (page) => {
    await toCameras(page);
    await page.getByTestId('locations-open').click();
    await page.getByTestId('location-add').click();
    await page.locator('.leaflet-control-scale').waitFor();
    await check(page, 'a new location on the map');
    await page.getByTestId('location-name').fill('Ngõ thử');
    await page.getByTestId('spot').click();
    assert.match(await page.getByTestId('location-latitude').inputValue(), /^21\.4/);
    await page.getByTestId('location-save').click();
    await page.getByText('Đã lưu Ngõ thử.').waitFor();
    await page.getByTestId('locations').getByText('Ngõ thử').click();
    await page.getByTestId('location-remove').click();
    await page.getByTestId('location-remove-confirm').click();
    await page.getByText('Đã xóa Ngõ thử.').waitFor();

    const { items } = await (await page.request.get(`${demo.url}/api/v1/cameras`)).json();
    const before = items.find(({ heading_deg: heading }) => heading > 90 && heading < 270);
    await page.goto(`${demo.url}/cameras/${before.id}`.replace('//cameras', '/cameras'));
    const field = page.getByTestId('spot');
    await page.locator('.spot-tip').waitFor();
    await field.scrollIntoViewIfNeeded();
    await check(page, 'where a camera looks');
    const [map, tip] = [await field.boundingBox(), await page.locator('.spot-tip').boundingBox()];
    await page.mouse.move(tip.x + tip.width / 2, tip.y + tip.height / 2);
    await page.mouse.down();
    await page.mouse.move(map.x + map.width / 2, map.y + map.height / 4, { steps: 6 });
    await page.mouse.up();
    await page.getByTestId('camera-save').click();
    await page.getByTestId('cameras-summary').waitFor();
    const after = await (await page.request.get(`${demo.url}/api/v1/cameras/${before.id}`)).json();
    assert.ok(after.heading_deg < 15 || after.heading_deg > 345, `it looks north now: ${after.heading_deg}`);
    assert.equal(after.fov_deg, before.fov_deg);
  }));

test('an officer changes no camera, a village head plays nothing back', async () => {
  await withPage(PHONE, 'officer', async (page) => {
    await toCameras(page);
    await page.getByTestId('cameras-summary').waitFor();
    assert.equal(await page.getByTestId('camera-add').count(), 0);
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('sign-out').waitFor();
    assert.equal(await page.getByTestId('users').count(), 0);
    await page.getByTestId('sign-out').click();
    await page.getByTestId('signin-name').waitFor();
  });
  await withPage(PHONE, 'village', async (page) => {
    await page.getByTestId('age').first().waitFor();
    assert.equal(await page.getByTestId('nav-playback').count(), 0);
  });
});

test('all screens on a phone, dark and Vietnamese', () => withPage(PHONE, 'admin', checkAll));

/** Width, height, theme; whether only what size and theme can break is asked. */
const STATES = [
  [390, 844, 'dark', false],
  [390, 844, 'light', true],
  [820, 1180, 'dark', true],
  [1440, 900, 'light', false],
];

test('every screen in English fits a phone, a tablet and a desktop, dark and light, and its first thing is reached by keyboard', () =>
  withPage(DESKTOP, 'admin', async (page) => {
    checkListed();
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('language').selectOption('en');
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    await walk(page, demo.url, async ({ name }) => {
      for (const [width, height, theme, looks] of STATES) {
        await page.setViewportSize({ width, height });
        await page.evaluate((shown) => (document.documentElement.dataset.theme = shown), theme);
        await check(page, `${name}, ${width} × ${height}, ${theme}`, looks);
      }
      await page.locator('main').focus();
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const { activeElement: one } = document;
        return one !== document.body && document.querySelector('main').contains(one) && getComputedStyle(one).outlineStyle !== 'none';
      });
      assert.ok(seen, `${name}: Tab shows where one is`);
    });
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('language').selectOption('vi');
    await page.getByRole('heading', { name: 'Cài đặt', exact: true }).waitFor();
  }));

test('by the keyboard alone one opens a camera and comes back', () =>
  withPage(DESKTOP, 'officer', async (page) => {
    await page.getByTestId('tile-1').waitFor();
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(() => document.activeElement?.dataset.testid === 'tile-1')) break;
    }
    await page.keyboard.press('Enter');
    await page.getByTestId('player-canvas').waitFor();
    const first = page.url();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((was) => location.href !== was, first);
    await page.keyboard.press('Escape');
    await page.getByTestId('grid').waitFor();
  }));

/** As far as the second step of signing in. */
async function knock(page, name) {
  await page.getByTestId('signin-name').fill(name);
  await page.getByTestId('signin-password').fill(demo.accounts[name]);
  await page.getByTestId('signin-submit').click();
}

async function signOut(page) {
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('sign-out').click();
  await page.getByTestId('signin-name').waitFor();
}

test('a commander turns two steps on, signs in by code and by recovery code, and an admin takes them off a lost phone', async () => {
  await withPage(PHONE, 'commander', async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('factor-on').click();
    await page.getByTestId('factor-password').fill(demo.accounts.commander);
    await page.getByTestId('factor-begin').click();
    await page.getByTestId('factor-qr').waitFor();
    await check(page, 'turning two steps on');
    const secret = await page.getByTestId('factor-secret').textContent();
    await page.getByTestId('factor-code').fill(codeOf(secret));
    await page.getByTestId('factor-confirm').click();
    await page.getByTestId('recovery-codes').waitFor();
    const recovery = await page.getByTestId('recovery-codes').locator('li').allTextContents();
    assert.equal(recovery.length, 10);
    await check(page, 'recovery codes');
    await page.getByTestId('recovery-done').click();
    await page.getByTestId('recovery-renew').waitFor();

    await signOut(page);
    await knock(page, 'commander');
    await page.getByTestId('signin-code').fill('000000');
    await page.getByText('Mã không đúng hoặc đã dùng rồi.').waitFor();
    await check(page, 'the second step');
    await page.getByTestId('signin-code').fill(codeOf(secret, 1)); // no button is needed
    await page.getByTestId('second-factor').waitFor(); // the page one left

    await signOut(page);
    await knock(page, 'commander');
    await page.getByTestId('signin-recovery').click();
    await page.getByTestId('signin-code').fill(recovery[0].toLowerCase());
    await page.getByTestId('signin-code-submit').click();
    await page.getByTestId('second-factor').waitFor(); // the page one left
  });
  await withPage(DESKTOP, 'admin', async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('policy-admin').click();
    await page.getByText('Hãy bật xác thực hai bước cho tài khoản của bạn trước đã.').waitFor();
    await page.getByTestId('policy-commander').check();
    await page.getByTestId('user-commander').click();
    await page.getByTestId('user-reset').click();
    await page.getByTestId('user-reset-confirm').click();
    await page.getByText('Đã gỡ xác thực hai bước của commander.').waitFor();
    await check(page, 'one person');
    await withPage(PHONE, null, async (phone) => {
      await knock(phone, 'commander');
      await phone.getByRole('heading', { name: 'Cần bật xác thực hai bước' }).waitFor();
      await check(phone, 'two steps are needed');
    });
    await page.keyboard.press('Escape');
    await page.getByTestId('policy-commander').uncheck();
    await page.getByText('Đã lưu quy định đăng nhập.').first().waitFor();
  });
});

/** When pictures last came over the page's WebSocket, by the clock of this process. */
function listenToPictures(page) {
  const heard = { at: 0 };
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
    if (typeof payload !== 'string') heard.at = performance.now();
  }));
  return heard;
}

test('with the rule on, an officer signs in on the enrolled phone only, and a lost one goes dark within a second', () =>
  withPage(DESKTOP, 'admin', async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('device-add').click();
    await page.getByTestId('device-user').selectOption({ label: 'officer · Cán bộ trực' });
    await page.getByTestId('device-new-name').fill('Máy trực 1');
    await page.getByTestId('device-make').click();
    await page.getByTestId('device-qr').waitFor();
    await check(page, 'a code for a phone');
    const code = (await page.getByTestId('device-code').textContent()).replace(' ', '');
    await page.keyboard.press('Escape');
    await page.getByTestId('device-policy-officer').check();

    await withPage(PHONE, null, async (stranger) => {
      await knock(stranger, 'officer');
      await stranger.getByText('Tài khoản này chỉ đăng nhập trên điện thoại đã đăng ký.').waitFor();
    });
    await withPage(PHONE, null, async (phone) => {
      const pictures = listenToPictures(phone);
      await phone.goto(`${demo.url}/#enrol=${code}`);
      await phone.getByTestId('enrol-device').waitFor();
      await check(phone, 'enrolling a phone');
      await phone.getByTestId('enrol-submit').click();
      await phone.getByTestId('enrol-done').waitFor();
      await phone.getByTestId('enrol-sign-in').click();
      await knock(phone, 'officer');
      await phone.getByTestId('nav-live').click();
      await phone.getByTestId('age').first().waitFor();
      while (performance.now() - pictures.at > 200) await phone.waitForTimeout(50);

      await page.reload();
      await page.getByTestId('device-Máy trực 1').click();
      await check(page, 'one phone');
      await page.keyboard.press('Escape');
      await page.getByTestId('device-shut-Máy trực 1').click(); // the wrong one
      await page.getByRole('button', { name: 'Hoàn tác' }).click();
      await page.getByText('Máy trực 1 dùng lại được').waitFor();
      await phone.getByTestId('signin-name').waitFor();
      await knock(phone, 'officer');
      await phone.getByTestId('nav-live').click();
      await phone.getByTestId('age').first().waitFor();

      const answered = page.waitForResponse((response) => response.request().method() === 'DELETE');
      await page.getByTestId('device-shut-Máy trực 1').click();
      assert.equal((await answered).status(), 200);
      const shut = performance.now();
      await phone.getByTestId('signin-name').waitFor();
      await phone.waitForTimeout(1_000);
      const after = Math.round(pictures.at - shut);
      console.log(`# the last picture came ${after} ms after the phone was shut out`);
      assert.ok(after < 1_000, `pictures came for ${after} ms more`);
      await knock(phone, 'officer');
      await phone.getByText('Tài khoản này chỉ đăng nhập trên điện thoại đã đăng ký.').waitFor();
    });
    await page.getByTestId('device-policy-officer').uncheck();
    await page.getByText('Đã lưu quy định đăng nhập.').first().waitFor();
  }));

test('from a picture one finds who else saw it, step by step; the path is on the map, and a colleague finds it once it is shared', async () => {
  let address;
  await withPage(PHONE, 'officer', async (page) => {
    await page.waitForTimeout(Math.max(0, demo.since + 2 * FOOTAGE_MS - performance.now()));
    const { items } = await (await page.request.get(`${demo.url}/api/v1/cameras`)).json();
    await page.goto(new URL(`playback/${items[0].id}?at=${new Date(Date.now() - 45_000).toISOString()}`, demo.url).href);
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
    await page.getByTestId('trace').click();
    await page.getByTestId('trace-by').selectOption('riding');
    const arrivals = page.getByTestId('arrival');
    const chain = page.getByTestId('sighting');
    await arrivals.locator('[data-testid^=lane-][data-state=ready]').first().waitFor();
    await check(page, 'who else saw this');
    const first = await arrivals.first().getAttribute('data-camera');
    await arrivals.first().getByTestId('say-seen').click();
    await page.locator('[data-testid=sighting][data-verdict=seen]').nth(1).waitFor();
    await page.locator(`[data-testid=arrival]:not([data-camera="${first}"])`).first().waitFor();
    await arrivals.nth(0).getByTestId('say-not-seen').click();
    await page.locator('[data-testid=arrival][data-said=not-seen]').waitFor();
    await arrivals.nth(1).getByTestId('say-seen').click();
    await page.locator('[data-testid=trace-map][data-points="3"]').waitFor();
    assert.equal(await chain.count(), 4);
    await check(page, 'a trace with its path');
    await page.getByTestId('trace-edit').click();
    await page.getByTestId('trace-name').fill('Xe máy ĐỎ mất ở chợ');
    await page.getByTestId('trace-shared').check();
    await page.getByTestId('trace-save').press('Enter');
    await page.getByRole('heading', { name: 'Xe máy ĐỎ mất ở chợ' }).waitFor();
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    assert.ok(await page.getByTestId('trace-edit').evaluate((button) => button === document.activeElement), 'saving gives the focus back to what opened the sheet');
    address = page.url();
  });
  await withPage(DESKTOP, 'commander', async (page) => {
    await page.goto(new URL('traces', demo.url).href);
    await page.getByTestId('traces-search').fill('do xe may');
    await page.getByTestId('trace-row').click();
    await page.locator('[data-testid=trace-map][data-points="3"]').waitFor();
    assert.equal(page.url(), address);
    assert.equal(await page.getByTestId('trace-edit').count(), 0, 'only who began it renames it');
    await check(page, 'a trace of a colleague', true);
  });
  await withPage(PHONE, 'village', async (page) => {
    await page.goto(address);
    await page.getByRole('status').filter({ hasText: 'quyền' }).waitFor();
    assert.equal((await page.request.get(address.replace('/traces/', '/api/v1/traces/'))).status(), 403);
  });
});
