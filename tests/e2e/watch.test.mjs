// watch.test.mjs — cameras that are found, moved, scheduled and watched: what people see when one is
// not recorded, what a webhook is told, what moved in a place of the picture, and when a view is wrong.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, startBrowser, startDemo, startDevice, startSim } from './demo.mjs';
import { inPage, toCameras } from './in-page.mjs';

/** Where the test's own cameras are: another address in each run, as others may test beside. */
const HOST = `127.${1 + Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}.10`;
const HOUR_MS = 3_600_000;
/** the demo commune's clocks, ahead of UTC */
const ZONE_MS = 7 * HOUR_MS;

let demo;
let browser;
let sim;
let device;
let hook;
/** what the webhook was told */
const told = [];

before(async () => {
  demo = await startDemo(2, ['--scene', 'test'], 'notify:\n  not_recorded_after: 10\n');
  sim = await startSim(1, HOST);
  device = await startDevice(HOST, sim.cameras[0]);
  hook = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => (told.push({ ...JSON.parse(body), token: request.headers.authorization }), response.writeHead(204).end()));
  }).listen(0, '127.0.0.1');
  await once(hook, 'listening');
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  hook?.close();
  await device?.stop();
  await sim?.stop();
  await demo?.stop();
});

const withPage = (screen, body) => inPage(browser, demo, screen, 'admin', body);

async function until(what, is, most_ms = 15_000) {
  for (const end = Date.now() + most_ms; Date.now() < end; ) {
    const found = await is();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`${what}: not within ${most_ms} ms`);
}

/** The camera as the server has it. */
async function cameraNamed(page, name) {
  const { items } = await (await page.request.get(`${demo.url}/api/v1/cameras`)).json();
  return items.find((one) => one.name === name);
}

test('a camera is found in a subnet, its picture is shown, and once added it is recorded', () =>
  withPage(PHONE, async (page) => {
    await toCameras(page);
    await page.getByTestId('camera-find').click();
    await page.getByTestId('find-subnet').waitFor();
    await page.waitForFunction(() => !document.querySelector('[data-testid=find-subnet]').disabled);
    await page.getByTestId('find-subnet').fill('10.0.0.0/8');
    await page.keyboard.press('Enter');
    await page.getByText('Mạng quá lớn.').waitFor();
    await page.getByTestId('find-subnet').fill(`${HOST}/29`);
    await page.keyboard.press('Enter');
    await page.getByTestId('found').getByRole('button').click();

    await page.getByTestId('find-password').fill('wrong');
    await page.getByTestId('find-ask').click();
    await page.getByText('Sai tên hoặc mật khẩu của camera.').waitFor();
    await page.getByTestId('find-password').fill(device.password);
    await page.getByTestId('find-ask').click();
    const picture = page.getByTestId('find-channels').locator('img');
    await picture.waitFor();
    assert.ok((await picture.evaluate((image) => image.naturalWidth)) > 100, 'the channel shows a picture');
    await check(page, 'finding cameras');
    await page.getByTestId('find-name-0').fill('Cổng xoay');
    await page.getByTestId('find-add').click();
    await page.getByTestId('find-done').click();
    const card = page.locator('li.card', { hasText: 'Cổng xoay' });
    await lookAgain(page, card.getByText('Đang chạy').waitFor());
    await lookAgain(page, card.getByText('Hiện không ghi hình.').waitFor({ state: 'detached' }));
    assert.equal((await cameraNamed(page, 'Cổng xoay')).status.recording, true);
  }));

/** As when one looks at the page again: it asks for the state of the cameras at once, and so again until `seen`. */
async function lookAgain(page, seen) {
  let there = false;
  void seen.then(() => (there = true), () => (there = true));
  while (!there) {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await new Promise((done) => setTimeout(done, 500));
  }
  await seen;
}

test('a picture is looked at closer and as a whole again, and saved under its camera and time', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('nav-live').click();
    await page.getByTestId('tile-1').click();
    const canvas = page.getByTestId('player-canvas');
    await page.waitForFunction(() => document.querySelector('[data-testid=player-age]'));
    const width = async () => (await canvas.boundingBox()).width;
    const whole = await width();
    const box = await canvas.boundingBox();
    for (let i = 0; i < 2; i++) await page.touchscreen.tap(box.x + box.width / 4, box.y + box.height / 4);
    await page.getByTestId('zoom-whole').waitFor();
    assert.ok((await width()) > 2 * whole, 'the picture is larger');
    await check(page, 'one camera, looked at closer');
    await page.getByTestId('zoom-whole').click();
    await page.getByTestId('zoom-whole').waitFor({ state: 'detached' });
    assert.equal(await width(), whole);
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('snapshot').click()]);
    assert.match(saved.suggestedFilename(), /^[a-z0-9-]+-20\d{6}-\d{6}\.jpg$/);
    const bytes = await readFile(await saved.path());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xff, 0xd8, 0xff], 'it is a JPEG');
  }));

test('a webhook is set, and a message gets there with its token', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByText('Chưa đặt địa chỉ').waitFor();
    await page.getByTestId('webhook-address').fill('http://127.0.0.1:1/');
    await page.keyboard.press('Enter');
    await page.getByTestId('webhook-test').click();
    await page.getByText('Tin thử không tới nơi. Kiểm tra địa chỉ').waitFor();
    await page.getByTestId('webhook-address').fill(`http://127.0.0.1:${hook.address().port}/canh-bao`);
    await page.getByTestId('webhook-token').fill('bi-mat-1');
    await page.getByTestId('webhook-save').click();
    await page.getByText(/^Đang báo tới: http:\/\/127\.0\.0\.1/).waitFor();
    await page.getByTestId('webhook-test').click();
    await page.getByText('Bên nhận đã nhận được tin thử.').waitFor();
    assert.equal(told.find(({ kind }) => kind === 'test')?.token, 'Bearer bi-mat-1');
  }));

test('a fault becomes a ticket that is followed until it is mended, and a camera has its papers', () =>
  withPage(PHONE, async (page) => {
    const { id } = await cameraNamed(page, 'Cổng xoay');
    await toCameras(page);
    await page.getByTestId('care-room').getByText(/^(\d+ ngày|–)$/).waitFor();
    await check(page, 'care for the cameras');
    await page.getByTestId(`camera-${id}`).getByTestId('camera-record').click();
    await page.getByTestId('uptime').getByText('%').waitFor();
    await page.getByTestId('facts-clock').getByText(/^Đúng giờ$|^Chạy /).waitFor(); // its ONVIF device has told it
    await page.getByTestId('clock-server').fill('192.168.2.1');
    await page.getByTestId('clock-set').click();
    await stepIs('ntp 192.168.2.1');
    await page.getByTestId('facts-clock').getByText('tự chỉnh qua mạng').waitFor();
    await page.getByTestId('clock-server').waitFor({ state: 'detached' });
    await page.getByTestId('facts').getByText(/bit\/s$/).waitFor();
    await page.getByTestId('papers-serial').fill('7A-19');
    await page.getByTestId('papers-sign').selectOption('missing');
    await page.getByTestId('papers-save').click();
    await page.getByText('Đã lưu hồ sơ.').waitFor();
    await check(page, 'the record of a camera');

    await page.getByTestId('record-repair').click();
    await page.getByTestId('repair-fault').fill('Kính bị nứt');
    await page.getByTestId('repair-due').fill('2020-01-01');
    await page.getByTestId('repair-save').click();
    await page.getByTestId('repair').getByText('Quá hạn').waitFor();
    await page.goto(`${demo.url}/cameras`);
    await page.getByTestId('care-repairs').getByText('1 phiếu quá hạn').click();
    await page.getByTestId('repair').click();
    await check(page, 'a repair ticket');
    await page.getByTestId('repair-cost').fill('rẻ');
    await page.getByTestId('repair-save').click();
    await page.getByText('Chi phí phải là số tiền').waitFor();
    await page.getByTestId('repair-cost').fill('350.000');
    await page.getByTestId('repair-state').selectOption('done');
    await page.getByTestId('repair-save').click();
    await page.getByText('Không có phiếu nào đang chờ.').waitFor();
    await page.getByTestId('repairs-settled').click();
    await page.getByTestId('repair').click();
    await page.getByTestId('repair-history').getByText('350.000 ₫').waitFor();
    await page.getByTestId('repair-history').getByText('Đã sửa xong').waitFor();
  }));

test('a view that goes black is told, on the card of its camera with what to do, until it is mended', () =>
  withPage(PHONE, async (page) => {
    await sim.fault('cam01', 'black');
    const { id } = await cameraNamed(page, 'Cổng xoay');
    await toCameras(page);
    const card = page.getByTestId(`camera-${id}`);
    await lookAgain(page, card.getByText('Hình đen. Kiểm tra ống kính').waitFor({ timeout: 40_000 }));
    assert.equal(await page.locator('li.card').first().getAttribute('data-testid'), `camera-${id}`, 'what needs someone comes first');
    await page.getByTestId('troubles').getByText('Cổng xoay chỉ có hình đen từ').waitFor();
    await until('the webhook is told', () => told.some(({ kind, name }) => kind === 'black' && name === 'Cổng xoay'));
    await page.getByTestId('nav-map').click();
    await page.getByTestId('map-summary').getByText('Hỏng lâu nhất: ').waitFor();
    await page.getByTestId('map-summary').click();
    await check(page, 'cameras, one of them black');
    await page.getByTestId('troubles').getByRole('link').click();
    await page.getByTestId('player-canvas').waitFor();
    await page.getByText('Hình đen. Kiểm tra ống kính').waitFor();
    await toCameras(page);
    const accepted = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith(`/cameras/${id}/reference`));
    await card.getByTestId('view-accept').click();
    assert.equal((await accepted).status(), 204);
    await page.getByText('Cổng xoay: góc nhìn này là chuẩn từ bây giờ.').waitFor();
    await sim.fault('cam01', 'none');
  }));

test('the timeline shows when something moved, and a drawn area finds it or says that nothing did', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('nav-playback').click();
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
    await page.getByTestId('legend-motion').waitFor();
    await page.getByTestId('timeline').press('End');
    const wall = async () => Number(await page.getByTestId('wall-time').getAttribute('data-ms'));
    const draw = async (top, bottom) => {
      await page.getByTestId('motion-area').click();
      const box = await page.getByTestId('area-layer').boundingBox();
      await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * top);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * bottom, { steps: 3 });
      await page.mouse.up();
      await page.getByText('Chỉ tính chuyển động trong vùng đã chọn.').waitFor();
    };
    await draw(0.7, 0.9); // the field of the test scene runs above
    await page.getByTestId('legend-motion').waitFor({ state: 'detached' });
    // the young part is looked through at once; what is older needs a reason, for the month at once
    await page.getByTestId('motion-before').click();
    await page.getByTestId('reason-routine-check').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Tìm xa hơn phải có lý do.').waitFor();
    await page.getByTestId('motion-before').click();
    await page.getByTestId('reason-routine-check').click();
    await page.getByText('Không thấy chuyển động nào trước đó').waitFor();
    const before = await wall();
    await draw(0.3, 0.65);
    await page.getByTestId('legend-motion').waitFor();
    await page.getByTestId('motion-before').click();
    await page.waitForFunction((was) => Number(document.querySelector('[data-testid=wall-time]').dataset.ms) < was - 2_000, before);
    await check(page, 'looking for movement');
    // by keys alone: the area is left as it was, then the whole picture counts again
    await page.getByTestId('motion-area').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('area-layer').waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('area-layer').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement.dataset.testid), 'motion-area');
    await page.getByTestId('motion-whole').click();
    await page.getByText('Chỉ tính chuyển động trong vùng đã chọn.').waitFor({ state: 'detached' });
  }));

test('what was noticed is looked through, judged and taken back, by finger and by key, and leads to its footage', async () => {
  const marks = (page) => page.getByTestId('event').evaluateAll((all) => all.map((one) => one.dataset.mark));
  await withPage(PHONE, async (page) => {
    await page.getByTestId('nav-playback').click();
    await page.getByTestId('to-events').click();
    const first = page.getByTestId('event').first();
    await first.locator('img').first().waitFor();
    await first.getByTestId('event-real').click();
    await first.getByText('Đúng · admin').waitFor();
    await check(page, 'events');
    await page.getByTestId('events-see-all').click();
    await page.waitForFunction(() => [...document.querySelectorAll('[data-testid=event]')].every((one) => one.dataset.mark));
    assert.equal((await marks(page))[0], 'real'); // a judgement is not lost by it
    await page.getByText('là đã xem.').locator('..').getByRole('button', { name: 'Hoàn tác' }).click();
    await page.waitForFunction(() => [...document.querySelectorAll('[data-testid=event]')].some((one) => !one.dataset.mark));
    assert.equal((await marks(page)).includes('seen'), false);
    await page.getByTestId('events-real').click();
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=event]').length === 1);
    await page.reload();
    await first.waitFor();
    assert.deepEqual(await marks(page), ['real']); // the filter stands in the address
    await page.getByTestId('event-open').click();
    await page.getByTestId('wall-time').waitFor();
    const at = Date.parse(new URL(page.url()).searchParams.get('at'));
    assert.ok(Math.abs(Number(await page.getByTestId('wall-time').getAttribute('data-ms')) - at) < 10_000);
    await page.goBack();
    await first.getByTestId('event-real').click(); // pressed again it is taken off
    await page.waitForFunction(() => document.querySelector('[data-testid=event]').dataset.mark === '');
  });
  await withPage(DESKTOP, async (page) => {
    await page.getByTestId('nav-events').click();
    await page.getByTestId('event').nth(1).waitFor();
    for (const key of ['j', 'j', 'f']) await page.keyboard.press(key);
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=event]')[1].dataset.mark === 'false-alarm');
    await check(page, 'events');
    await page.keyboard.press('u');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid=event]')[1].dataset.mark === '');
    await page.goto(`${demo.url}/events?from=2020-01-01&to=2020-01-02`);
    await page.getByText('Không có sự việc nào như vậy.').waitFor();
  });
});

test('a bookmark is put at the playhead, stands on the timeline, and is found by words without their marks', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('nav-playback').click();
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
    await page.getByTestId('play').click();
    await page.getByTestId('bookmark').click();
    await page.getByTestId('bookmark-note').fill('Xe máy ĐỎ rẽ vào ngõ');
    await check(page, 'a new bookmark');
    await page.getByTestId('bookmark-save').click();
    await page.getByTestId('legend-bookmarks').waitFor();
    const at = Number(await page.getByTestId('wall-time').getAttribute('data-ms'));
    await page.getByTestId('to-bookmarks').click();
    const rows = page.getByTestId('bookmark-row');
    await page.getByTestId('bookmarks-search').fill('xe tải');
    await page.getByText('Không có ghi chú nào như vậy.').waitFor();
    await page.getByTestId('bookmarks-search').fill('do xe may');
    await rows.getByText('Xe máy ĐỎ rẽ vào ngõ').waitFor();
    await check(page, 'bookmarks');
    await page.getByTestId('bookmark-edit').click();
    await page.getByTestId('bookmark-remove').click();
    await rows.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Hoàn tác' }).click();
    await page.getByTestId('bookmark-open').click();
    await page.getByTestId('wall-time').waitFor();
    assert.ok(Math.abs(Date.parse(new URL(page.url()).searchParams.get('at')) - at) < 1_500);
    // by keys, over a span
    for (const key of ['[', 'Shift+ArrowRight', ']', 'b']) await page.keyboard.press(key);
    await page.getByTestId('bookmark-note').waitFor();
    await page.keyboard.press('Escape');
  }));

test('a camera that is no longer recorded is told on every page and to the webhook, until it is back', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('troubles').waitFor({ state: 'detached', timeout: 40_000 }); // of the view that was black
    await sim.fault('cam01', 'offline');
    const banner = page.getByTestId('troubles');
    await banner.getByText(/^Cổng xoay không được ghi hình từ \d\d:\d\d\./).waitFor({ timeout: 40_000 });
    const link = await banner.getByRole('link').boundingBox();
    assert.ok(link.height >= 44, 'a thumb hits it');
    await check(page, 'settings, with trouble told');
    await until('the webhook is told', () => told.find(({ kind, state, name }) => kind === 'not-recorded' && state === 'begun' && name === 'Cổng xoay'));
    await sim.fault('cam01', 'none');
    await banner.waitFor({ state: 'detached', timeout: 40_000 });
    await until('the webhook is told of the end', () => told.some(({ kind, state }) => kind === 'not-recorded' && state === 'over'));
  }));

/** Waits for what the device is told next, of what is not told again and again. */
async function stepIs(wanted) {
  await until(`the camera is told “${wanted}”, not ${JSON.stringify(device.steps)}`, () => device.steps.includes(wanted));
  device.steps.length = 0;
}

test('the cross moves a camera while it is held, by finger and by key, and lets it stop', () =>
  withPage(PHONE, async (page) => {
    const { id } = await cameraNamed(page, 'Cổng xoay');
    await page.locator(`[data-camera="${id}"]`).click();
    const right = page.getByTestId('steer-right');
    await right.scrollIntoViewIfNeeded();
    const box = await right.boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, 'a thumb hits it');
    await check(page, 'a camera that can be moved');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await stepIs('move 0.500 0.000 -');
    // the server stops it by itself a little later: the app asks for it at once
    const stopped = () => page.waitForRequest((request) => request.url().endsWith('/ptz') && request.postDataJSON().stop);
    await Promise.all([stopped(), page.mouse.up()]);
    await stepIs('stop');
    await page.keyboard.down('w');
    await stepIs('move 0.000 0.500 -');
    await Promise.all([stopped(), page.keyboard.up('w')]);
    await stepIs('stop');
    await page.getByTestId('steer-preset').selectOption('p 2');
    await stepIs('go p 2');
  }));

test('hours are chosen by day, held by the server and said in words, and the camera rests', () =>
  withPage(DESKTOP, async (page) => {
    const { id } = await cameraNamed(page, 'Cổng xoay');
    await page.getByTestId('nav-map').click();
    await page.getByTestId('care-lines').getByText('ghi được').waitFor();
    await check(page, 'the map of who looks after the cameras');
    await toCameras(page);
    await page.getByTestId(`camera-${id}`).getByText('Sửa').click();
    const hour = (more) => String(Math.floor((Date.now() + ZONE_MS) / HOUR_MS + more) % 24).padStart(2, '0');
    const times = `${hour(2)}:00-${hour(3)}:30`; // not now
    await page.getByTestId('camera-schedule-kind').selectOption('hours');
    const row = page.getByTestId('schedule-row');
    await row.getByTestId('schedule-from').fill('06:00');
    await row.getByTestId('schedule-to').fill('06:00');
    await page.getByTestId('camera-save').click();
    await page.getByTestId('camera-error').getByText('giờ bắt đầu và giờ kết thúc khác nhau').waitFor();
    await row.getByTestId('schedule-from').fill(`${hour(2)}:00`);
    await row.getByTestId('schedule-to').fill(`${hour(3)}:30`);
    await row.getByRole('button', { name: 'T4' }).click();
    await check(page, 'changing a camera');
    await page.getByText('Thêm về kết nối').click();
    await page.getByTestId('camera-connections').fill('4');
    await page.getByTestId('camera-record-sub').check();
    await page.getByTestId('camera-save').click();
    await lookAgain(page, page.getByTestId(`camera-${id}`).getByText('Hiện không ghi, theo lịch.').waitFor());
    const held = await cameraNamed(page, 'Cổng xoay');
    assert.deepEqual([held.schedule, held.connections, held.record_sub], [`mon,tue,thu-sun ${times}`, 4, true]);
    await page.getByTestId(`camera-${id}`).getByText('Sửa').click();
    await page.getByTestId('camera-schedule-words').getByText(`thứ Năm đến Chủ nhật: ${times}`).waitFor();
    assert.equal(await page.getByTestId('camera-connections').inputValue(), '4');
    assert.match(await page.getByTestId('camera-onvif').inputValue(), new RegExp(`^http://${HOST}:`));
  }));
