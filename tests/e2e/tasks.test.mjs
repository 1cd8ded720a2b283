// tasks.test.mjs — what an officer does at night, with the taps counted: any camera, "yesterday about
// nine", twenty seconds back, a camera found by its village; by keyboard; without network; without rights.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { DESKTOP, PHONE, openPage, signIn, startBrowser, startDemo } from './demo.mjs';
import { inPage, toCameras } from './in-page.mjs';
import { pictureAfter, readStrip } from './strip.mjs';

/** How long the demo must have recorded before one can go back 20 s. */
const FOOTAGE_MS = 30_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** the demo commune's clocks, ahead of UTC */
const ZONE_MS = 7 * HOUR_MS;

let demo;
let browser;

before(async () => {
  demo = await startDemo(8, ['--scene', 'test'], 'retention:\n  days: 3\nlive:\n  transcodings: 1\n');
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

const withPage = (screen, account, body) => inPage(browser, demo, screen, account, body);

const wallTime = async (page) => Number(await page.getByTestId('wall-time').getAttribute('data-ms'));

test('any camera is two taps away, and the grid comes back as it was left', () =>
  withPage(PHONE, 'officer', async (page, tap, taps) => {
    await toCameras(page);
    await page.getByTestId('cameras-summary').waitFor();
    const before = taps();
    await tap('nav-live');
    await page.getByTestId('tile-8').waitFor();
    await page.setViewportSize({ width: PHONE.viewport.width, height: 520 }); // not all fit
    const last = await page.getByTestId('tile-8').getAttribute('data-camera');
    await page.getByTestId('tile-8').scrollIntoViewIfNeeded();
    await tap('tile-8');
    await page.getByTestId('player-canvas').waitFor();
    assert.equal(taps() - before, 2);
    await page.getByTestId('back').click();
    await page.getByTestId('tile-8').waitFor();
    const box = await page.getByTestId('tile-8').boundingBox();
    assert.ok(box.y + box.height < 520, 'the tile that was opened is in sight');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.camera), last);
  }));

/** The words of the places that are being arranged. */
const placesOf = (page) => page.locator('[data-place]').evaluateAll((all) => all.map((place) => place.getAttribute('aria-label').replace(/^Ô \d+: /, '')));

test('pictures are put in their places by mouse and by keys, saved as a view, and shared', () =>
  withPage(DESKTOP, 'commander', async (page, tap) => {
    await page.getByTestId('tile-8').waitFor();
    await page.keyboard.press('2'); // four places
    await tap('view-open');
    await tap('view-new');
    await page.getByTestId('arrange').waitFor();
    const [a, b, c, d] = await placesOf(page);
    const middle = async (place) => {
      const box = await page.locator(`[data-place="${place}"]`).boundingBox();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    await page.mouse.move(...(await middle(0)));
    await page.mouse.down();
    await page.mouse.move(...(await middle(3)), { steps: 4 });
    await page.mouse.up();
    assert.deepEqual(await placesOf(page), [d, b, c, a]);
    await page.locator('[data-place="1"]').focus();
    for (const key of ['Enter', 'ArrowDown', 'ArrowLeft', 'Enter']) await page.keyboard.press(key);
    assert.deepEqual(await placesOf(page), [d, c, b, a]);
    await page.keyboard.press('Delete');
    assert.deepEqual(await placesOf(page), [d, c, 'Ô trống', a]);
    await page.keyboard.press('Enter');
    await page.getByTestId('place-search').fill(b);
    await check(page, 'choosing a camera for a place');
    await page.keyboard.press('Enter');
    assert.deepEqual(await placesOf(page), [d, c, b, a]);
    await check(page, 'arranging a view');
    await tap('arrange-save');
    await page.getByTestId('view-name').fill('Trung tâm');
    await page.getByTestId('view-share').check();
    await tap('view-save');
    await page.getByTestId('view-open').getByText('Trung tâm').waitFor();
    await page.reload(); // the last one is opened again
    await page.getByTestId('view-open').getByText('Trung tâm').waitFor();
    assert.match(await page.getByTestId('tile-1').textContent(), new RegExp(d));
  }));

test('a patrol shows page after page without a black picture between, and a touch pauses it', () =>
  withPage(DESKTOP, 'commander', async (page, tap) => {
    await page.getByTestId('view-open').click();
    await tap(page.getByTestId('views').getByText('Trung tâm'));
    await page.getByTestId('age').nth(3).waitFor();
    await page.keyboard.press('t');
    await page.getByTestId('patrol-seconds').selectOption('5');
    await page.getByTestId('patrol-step').getByText('1/2').waitFor();
    await page.getByTestId('wall-full').click();
    const patrol = page.getByTestId('patrol');
    const seen = await patrol.evaluate(async (stage) => {
      const black = [];
      let turns = 0;
      for (const end = performance.now() + 20_000; turns < 2 && performance.now() < end; ) {
        const before = stage.dataset.at;
        await new Promise((done) => setTimeout(done, 50));
        turns += stage.dataset.at !== before;
        const pictures = stage.querySelectorAll('.layer:not(.behind) [data-testid=age]').length;
        if (pictures !== 4) black.push(pictures);
      }
      return { turns, black };
    });
    assert.deepEqual(seen, { turns: 2, black: [] });
    await page.mouse.click(500, 400);
    assert.equal(await patrol.getAttribute('data-paused'), 'true');
    await check(page, 'a patrol');
    const at = await patrol.getAttribute('data-at');
    const line = () => page.getByTestId('patrol-line').evaluate((node) => node.style.transform);
    const stands = await line();
    await page.waitForTimeout(500);
    assert.equal(await line(), stands);
    await page.keyboard.press('PageDown');
    assert.notEqual(await patrol.getAttribute('data-at'), at);
    await page.keyboard.press('f');
    await page.getByTestId('patrol-pause').click();
    assert.equal(await patrol.getAttribute('data-paused'), 'false');
    await tap('patrol-end');
    await page.getByTestId('view-open').getByText('Trung tâm').waitFor();
    const { items } = await (await page.request.get(`${demo.url}/api/v1/views`)).json();
    assert.equal(items[0].turn_s, 5, 'the seconds stay with the view');
  }));

test('a shared view is two taps away, and shows only what one may watch', () =>
  withPage(PHONE, 'village', async (page, tap, taps) => {
    await page.getByTestId('tile-1').waitFor();
    const mine = await page.locator('[data-camera]').count();
    await tap('view-open');
    await check(page, 'views');
    await tap(page.getByTestId('views').getByText('Trung tâm'));
    assert.equal(taps(), 2);
    await tap('layout-0');
    await page.getByText('Camera ở ô này ngoài quyền xem của bạn').first().waitFor();
    assert.equal(await page.locator('[data-camera]').count(), mine, 'the view adds no right');
    assert.equal(await page.getByTestId('grid').locator('li').count(), 8);
  }));

test('a camera is found by its village, and left to its neighbour by a finger', () =>
  withPage(PHONE, 'officer', async (page) => {
    await page.getByTestId('live-search').fill('ban bua');
    await page.waitForFunction(() => document.querySelectorAll('[data-testid^="tile-"]').length < 8);
    const found = await page.locator('[data-testid^="tile-"]').count();
    assert.ok(found >= 1, 'cameras of the village are found');
    await page.getByTestId('tile-1').click();
    const name = await page.getByRole('heading').first().textContent();
    const picture = await page.getByTestId('player-canvas').boundingBox();
    const y = picture.y + picture.height / 2;
    const touch = await page.context().newCDPSession(page);
    const send = (type, x) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] });
    await send('touchStart', 320);
    for (const x of [280, 200, 120]) await send('touchMove', x);
    await send('touchEnd', 0);
    await page.waitForFunction((was) => document.querySelector('h1').textContent !== was, name);
    await page.getByTestId('back').click();
    await page.getByTestId('live-search').waitFor();
    assert.equal(await page.getByTestId('live-search').inputValue(), 'ban bua');
  }));

test('yesterday about nine at one camera is six taps from the grid, and nothing there is told', () =>
  withPage(PHONE, 'officer', async (page, tap, taps) => {
    const begun = performance.now();
    await tap('nav-playback');
    await tap('playback-camera');
    await tap(page.locator('dialog li button').nth(2));
    await tap('moment');
    await tap('day-1');
    await tap('hour-21');
    assert.equal(taps(), 6);
    const midnight = Math.floor((Date.now() + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
    const asked = midnight - DAY_MS + 21 * HOUR_MS;
    await page.waitForFunction((ms) => Math.abs(Number(document.querySelector('[data-testid=wall-time]').dataset.ms) - ms) < 1_000, asked);
    console.log(`# yesterday 21:00: ${taps()} taps, ${Math.round(performance.now() - begun)} ms of robot`);
    await page.getByTestId('to-nearest').click();
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
    assert.ok(Date.now() - (await wallTime(page)) < HOUR_MS, 'the nearest footage is shown');
  }));

test('twenty seconds back is one tap from the live picture, and one more for twenty more', () =>
  withPage(PHONE, 'officer', async (page, tap) => {
    await page.getByTestId('tile-1').click();
    await page.getByTestId('player-age').waitFor();
    await page.waitForTimeout(Math.max(0, demo.since + FOOTAGE_MS - performance.now()));
    const now = Date.now();
    await tap('to-playback');
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
    const shown = await wallTime(page);
    assert.ok(Math.abs(now - 20_000 - shown) < 6_000, `${now - shown} ms back`);
  }));

test('a commander plans the week on a phone, an officer reads his duty, and a date without anybody is told as a hole', async () => {
  await withPage(PHONE, 'commander', async (page) => {
    await page.getByTestId('nav-settings').click();
    await page.getByTestId('shifts-open').click();
    await page.getByText('Chưa có lịch trực').waitFor();
    await page.getByTestId('shift-edit-mon').click();
    await page.getByTestId('shift-add').click();
    await page.getByTestId('shift-from').fill('07:00');
    await page.getByTestId('shift-to').fill('07:00'); // 24 hours
    await page.getByTestId('shift-save').click();
    await page.getByText('Mỗi ca cần ít nhất một người.').waitFor();
    await page.getByTestId('shift-person-officer').click();
    await check(page, 'the shifts of a day');
    await page.getByTestId('shift-save-all').click();
    await page.getByText('Đang trực', { exact: true }).waitFor();
    assert.equal(await page.getByTestId('shift').count(), 7);
    assert.equal(await page.getByTestId('shift-hole').count(), 0);
    await page.getByTestId('week-after').click();
    await page.getByTestId('shift-edit-wed').click();
    await page.getByTestId('shift-alone').click();
    await page.getByTestId('shift-remove').click();
    await page.getByTestId('shift-save').click();
    await page.getByTestId('shift-hole').first().waitFor();
    assert.match(await page.getByTestId('shift-hole').first().textContent(), /Chưa có người trực: 07:00–24:00/);
    await check(page, 'the shift plan');
    assert.match(await page.getByTestId('shift-own').textContent(), /Bạn không có ca trực nào/);
    await page.getByTestId('shift-edit-mon').focus(); // by keyboard alone: no shift on any Monday
    await page.keyboard.press('Enter');
    await page.getByTestId('shift-remove').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('shift-save').focus();
    await page.keyboard.press('Enter');
    const monday = page.locator('[data-day]').first().getByTestId('shift-hole');
    await monday.waitFor();
    await page.getByText('Hoàn tác').last().click();
    await monday.waitFor({ state: 'detached' });
  });
  await withPage(PHONE, 'officer', async (page) => {
    await page.goto(`${demo.url}/shifts`);
    assert.match(await page.getByTestId('shift-own').textContent(), /Bạn đang trực/);
    assert.equal(await page.getByTestId('shift-edit-mon').count(), 0);
  });
});

test('a sign-in on a new device is told in the open app within two seconds, not on that device, and ended there in two taps', () =>
  withPage(PHONE, 'officer', async (page, tap) => {
    await page.getByTestId('age').first().waitFor(); // the socket is open
    const stranger = await openPage(browser, DESKTOP);
    let signedIn = 0;
    stranger.on('response', (response) => {
      if (response.request().method() === 'POST' && response.url().endsWith('/session')) signedIn = performance.now();
    });
    const told = page.getByTestId('new-sign-in').waitFor().then(() => performance.now());
    await signIn(stranger, demo.url, 'officer', demo.accounts.officer);
    const late = Math.round((await told) - signedIn);
    console.log(`# told ${late} ms after the sign-in`);
    assert.ok(late < 2_000, `told after ${late} ms`);
    assert.match(await page.getByTestId('new-sign-in').textContent(), /Linux · Chrome, 127\.0\.0\.1/);
    assert.equal(await stranger.getByTestId('new-sign-in').count(), 0);
    await check(page, 'a sign-in on a new device');
    await tap('new-sign-in-look');
    await tap(page.getByTestId('session').and(page.locator('[data-current=false]')).first().getByTestId('session-end'));
    await stranger.getByTestId('signin-name').waitFor();
    assert.equal(await page.getByTestId('new-sign-in').count(), 0);
    await stranger.context().close();
  }));

test('by keyboard alone one goes from tile to camera, onward and back', () =>
  withPage(DESKTOP, 'officer', async (page) => {
    await page.getByTestId('tile-1').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByTestId('player-canvas').waitFor();
    const second = await page.title();
    await page.keyboard.press('ArrowRight');
    await page.waitForFunction((was) => document.title !== was, second);
    await page.keyboard.press('Escape');
    await page.getByTestId('grid').waitFor();
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'tile-3');
    await page.getByTestId('nav-playback').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('playback-camera').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('choose-search').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.dataset.testid === 'playback-camera');
  }));

test('a map that is left while it still moves leaves no trouble behind', () =>
  withPage(DESKTOP, 'officer', async (page) => {
    for (const width of [1200, 1440]) {
      await page.getByTestId('nav-map').click();
      await page.locator('.leaflet-container').waitFor();
      await page.setViewportSize({ width, height: 900 });
      await page.getByTestId('nav-live').click();
      await page.waitForTimeout(400);
    }
  }));

test('a network that goes away is told once, and nothing once it is back', () =>
  withPage(PHONE, 'officer', async (page) => {
    await page.getByTestId('age').first().waitFor();
    await page.getByTestId('nav-playback').click();
    await page.getByTestId('timeline').waitFor();
    await page.context().setOffline(true);
    await page.getByTestId('lost').waitFor();
    await page.getByTestId('day-before').click();
    await page.getByTestId('play-again').waitFor();
    assert.equal(await page.getByText(/máy chủ/).count(), 1, 'the bar above says it, nothing else');
    await page.context().setOffline(false);
    await page.getByTestId('lost').waitFor({ state: 'detached' });
    await page.getByTestId('play-again').click();
    await page.getByTestId('to-nearest').waitFor(); // nothing was recorded a day ago
    // The list of what there is comes, and the film does not.
    await page.route('**/segments/**', (route) => route.abort());
    await page.getByTestId('to-nearest').click();
    await page.getByTestId('play-again').waitFor();
    await page.unroute('**/segments/**');
    await page.getByTestId('play-again').click();
    await page.getByTestId('play').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=playback-video]').currentTime > 0);
    const was = await page.getByTestId('playback-video').evaluate(({ currentTime }) => currentTime);
    await page.waitForFunction((then) => document.querySelector('[data-testid=playback-video]').currentTime > then + 1, was);
    await page.getByTestId('nav-live').click();
    await page.waitForFunction(() => document.querySelector('[data-testid=tile-1]').dataset.state === 'running');
  }));

test('who sees no pictures is told so, on every page', async () => {
  const page = await openPage(browser, PHONE);
  await page.goto(demo.url);
  await page.getByTestId('signin-name').fill('auditor');
  await page.getByTestId('signin-password').fill(demo.accounts.auditor);
  await page.getByTestId('signin-submit').click();
  await page.getByTestId('audit-lines').waitFor(); // what is there for this role
  await page.getByText('Lọc', { exact: true }).click();
  await page.getByTestId('audit-kind').selectOption('sign-in');
  await page.waitForFunction(() => [...document.querySelectorAll('[data-testid=audit-lines] > *')].every(({ dataset }) => /^(sign|session)-/.test(dataset.action)));
  const [table] = await Promise.all([page.waitForEvent('download'), page.getByTestId('audit-csv').click()]);
  const rows = (await readFile(await table.path(), 'utf8')).trim().split('\r\n');
  assert.ok(rows.length > 1 && rows.slice(1).every((row) => /,"(sign|session)-[a-z-]+",/.test(row)), rows.join('\n'));
  for (const path of ['/live', '/playback', '/cameras/new']) {
    await page.goto(demo.url.replace(/\/$/, '') + path);
    await page.getByText('Tài khoản này không xem được hình.').waitFor();
  }
  await page.waitForTimeout(2_000);
  assert.equal(await page.getByTestId('lost').count(), 0);
  await page.context().close();
});

/** The name of who looks, and why, lies over the picture, and no tap ends on it. */
async function marked(page, name, why = '') {
  const [texts, caught] = await page.evaluate(() => {
    const mark = document.querySelector('[data-testid=watermark]');
    const box = mark.getBoundingClientRect();
    const inside = [...mark.querySelectorAll('.said')].filter((one) => {
      const { left, right, top, bottom } = one.getBoundingClientRect();
      return left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1;
    });
    const hits = inside.map((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-testid=watermark]');
    });
    return [inside.map((one) => one.textContent), hits.some(Boolean)];
  });
  assert.equal(texts.length, 2, 'both lie within the picture');
  for (const text of texts) assert.match(text, new RegExp(`^${name} · .+ · \\d\\d/\\d\\d \\d\\d:\\d\\d${why && ` · ${why}`}$`));
  assert.equal(caught, false, 'taps go through it');
}

/** From this age on a reason is asked in the last test. */
const OLD_S = 8;

test('the site is set in the app, what the file names is locked, and a change can be taken back', () =>
  withPage(PHONE, 'admin', async (page, tap) => {
    await tap('nav-settings');
    await tap('site-open');
    const days = page.getByTestId('keep-days');
    await days.waitFor();
    assert.equal(await days.inputValue(), '3');
    assert.ok(await days.isDisabled());
    await page.getByTestId('retention').getByText(/tệp cấu hình/).waitFor();
    await page.getByTestId('keep-gb').fill('0.5');
    await page.getByTestId('keep-told').getByText(/từ 1 GB/).waitFor();
    // 500 GB are more than three days of these cameras; whether the disk has room for them is this machine's.
    const answered = page.waitForResponse((one) => one.url().endsWith(`bytes=${500 * 2 ** 30}`));
    await page.getByTestId('keep-gb').fill('500');
    const { rule_days: rule, room_days: room } = await (await answered).json();
    assert.equal(rule, 3);
    const roomFor = room === 0 ? /không đủ chỗ cho trọn một ngày/ : new RegExp(`chỉ đủ chỗ cho khoảng ${room} ngày, chưa tới 3 ngày`);
    const means = room === null || room >= 3 ? /Giữ được khoảng 3 ngày/ : roomFor;
    await page.getByTestId('keep-told').getByText(means).waitFor();
    await tap('keep-save');
    await check(page, 'a change that takes a second person');
    await page.getByTestId('change-reason').fill('Ổ đĩa sắp đầy');
    await tap('change-send');
    await page.getByTestId('waiting-changes').getByText('Chờ một người khác đồng ý.').waitFor();
    const boundIs = (gb) => page.waitForFunction((value) => document.querySelector('[data-testid=keep-gb]')?.value === value, gb);
    await boundIs(''); // nothing has changed yet
    await withPage(DESKTOP, 'commander', async (commander) => {
      await commander.getByTestId('change-look').click();
      await check(commander, 'changes that take two persons');
      await commander.getByTestId('change-agree').click();
      await commander.getByText('Đã đồng ý: thay đổi có hiệu lực.').waitFor();
    });
    await page.getByTestId('waiting-changes').waitFor({ state: 'detached' });
    await boundIs('500');
    await tap('zone-change');
    await page.getByTestId('zone-search').fill('béc lin');
    await page.getByText('Không có múi giờ nào như vậy.').waitFor();
    await page.getByTestId('zone-search').fill('london');
    await check(page, 'site');
    await tap('zone-Europe/London');
    await page.getByTestId('zone-now').getByText('Europe/London').waitFor();
    await page.getByRole('button', { name: 'Hoàn tác' }).last().click();
    await page.getByTestId('zone-now').getByText('Asia/Ho Chi Minh').waitFor();
    await page.reload();
    await page.getByTestId('keep-gb').waitFor();
    assert.equal(await page.getByTestId('keep-gb').inputValue(), '500');
    // Who never chose a language is greeted in the site's.
    const greeting = async (words) => {
      const stranger = await openPage(browser, PHONE);
      await stranger.goto(demo.url);
      await stranger.getByTestId('signin-submit').getByText(words).waitFor();
      await stranger.context().close();
    };
    await greeting('Đăng nhập');
    await page.getByTestId('site-language').selectOption('en');
    await page.getByText('Đã lưu.').waitFor();
    await greeting('Sign in');
    await page.getByTestId('site-language').selectOption('vi');
    await page.getByText('Đã lưu.').last().waitFor();
    await greeting('Đăng nhập');
  }));

test('older footage asks once for a reason, which stands in the audit log with the look', async () => {
  const admin = await openPage(browser, DESKTOP);
  await signIn(admin, demo.url, 'admin', demo.accounts.admin);
  const rule = (seconds) => admin.request.patch(`${demo.url}/api/v1/policy`, { data: { reason_after_s: seconds } });
  assert.equal((await rule(OLD_S)).status(), 200);
  await withPage(PHONE, 'officer', async (page, tap, taps) => {
    const shows = () => page.waitForFunction(() => document.querySelector('[data-testid=lane-1]')?.dataset.state === 'ready' && document.querySelector('video')?.readyState >= 2);
    await marked(page, 'officer');
    await tap('tile-1');
    await page.getByTestId('player-age').waitFor();
    await marked(page, 'officer');
    await tap('to-playback');
    await page.getByTestId('reason-routine-check').waitFor();
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/reason-phone.png` });
    await check(page, 'a reason is asked');
    await page.keyboard.press('Escape');
    await tap('reason-state');
    await tap('reason-routine-check');
    await shows();
    await marked(page, 'officer', 'Kiểm tra thường lệ');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/marked-playback.png` });
    await tap('jump-back-20');
    await shows();
    await page.reload(); // what was told is kept
    await shows();
    assert.equal(taps(), 5, 'nothing is asked twice');
    await tap('playback-camera');
    await tap(page.locator('dialog li button').nth(2));
    await tap('reason-same');
    await shows();
    await page.getByTestId('mark-from').click();
    await page.waitForTimeout(1_500);
    await page.getByTestId('mark-to').click();
    const [clip] = await Promise.all([page.waitForEvent('download'), page.getByTestId('clip-download').click()]);
    assert.ok((await readFile(await clip.path())).length > 10_000);
  });
  await admin.goto(`${demo.url}/audit`);
  const line = admin.locator('tr[data-action=clip]').first();
  await line.getByText('Lý do: Kiểm tra thường lệ').waitFor();
  await admin.locator('tr[data-action=replay]').first().getByText('Lý do: Kiểm tra thường lệ').waitFor();
  assert.equal(await admin.locator('tr[data-action=access]').count(), 2, 'two cameras were asked for');
  assert.equal((await rule(900)).status(), 200);
  await admin.context().close();
});

// Debian's Chromium knows no H.265.
test('a camera of H.265 alone is seen all the same, and one more than the server can do is told so', async () => {
  const admin = await openPage(browser, DESKTOP);
  await signIn(admin, demo.url, 'admin', demo.accounts.admin);
  let found;
  while (!(found = (await (await admin.request.get(`${demo.url}/api/v1/cameras`)).json()).items.find(({ status }) => status.main?.codec === 'H.265'))) await admin.waitForTimeout(200);
  const { id, url } = found;
  assert.equal((await admin.request.patch(`${demo.url}/api/v1/cameras/${id}`, { data: { sub_url: '' } })).status(), 200);
  const more = await admin.request.post(`${demo.url}/api/v1/cameras`, { data: { name: 'Lối sau', url, user: 'viewer', password: 'xem-cam06' } });
  assert.equal(more.status(), 201);
  const other = (await more.json()).id;
  await withPage(PHONE, 'officer', async (page) => {
    await page.goto(`${demo.url}/live/${id}`);
    await page.getByTestId('instead').getByText('máy chủ đang đổi hình sang H.264').waitFor();
    await pictureAfter(page, await pictureAfter(page, null));
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/transcoded-phone.png` });
    await check(page, 'a camera made into H.264');

    await admin.goto(`${demo.url}/live/${other}`);
    await admin.getByText('có chỗ trống thì hình tự hiện').waitFor();
    await check(admin, 'a camera that the server cannot make into H.264 now');
    if (process.env.SHOTS) await admin.screenshot({ path: `${process.env.SHOTS}/limit-desktop.png` });
    await admin.getByTestId('still').click();
    const still = await pictureAfter(admin, null);
    await admin.getByTestId('player-age').waitFor(); // and it says how old it is
    if (process.env.SHOTS) await admin.screenshot({ path: `${process.env.SHOTS}/still-desktop.png` });
    await page.goto(`${demo.url}/cameras`);
    await admin.getByTestId('instead').waitFor();
    await pictureAfter(admin, await pictureAfter(admin, still));

    await admin.goto(`${demo.url}/cameras`);
    await page.goto(`${demo.url}/playback/${id}?at=${new Date(Date.now() - 15_000).toISOString()}`);
    await page.getByTestId('instead').getByText('máy chủ đang đổi hình sang H.264').waitFor();
    const film = page.getByTestId('playback-video');
    const seen = new Set();
    for (const end = Date.now() + 60_000; seen.size < 5 && Date.now() < end; ) {
      seen.add(await film.evaluate(readStrip));
      await page.waitForTimeout(100);
    }
    seen.delete(null);
    assert.ok(seen.size >= 4, `the film runs: ${[...seen]}`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/made-phone.png` });
    await check(page, 'footage made into H.264');
  });
  assert.deepEqual(admin.problems, []);
  await admin.context().close();
});
