// app.test.mjs — the whole way in a browser: sign in, all cameras move, one is opened, played
// back, cut, and the clip is a film. On a desktop and on a phone.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { DESKTOP, PHONE, openPage, signIn, startBrowser, startDemo } from './demo.mjs';
import { makeStreet } from './scenes.mjs';
import { agesShown, readStrip } from './strip.mjs';

const CAMERAS = 32;
/** How long the demo must have recorded before one can go back twice 20 s. */
const FOOTAGE_MS = 50_000;
const run = promisify(execFile);

let demo;
let browser;

before(async () => {
  demo = await startDemo(CAMERAS, ['--street', await makeStreet()]);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The tests of a page: signed in as the officer on duty, and no error of the page at the end. */
async function withPage(screen, body, account = 'officer') {
  const page = await openPage(browser, screen);
  try {
    await signIn(page, demo.url, account, demo.accounts[account]);
    await body(page);
    assert.deepEqual(page.problems, []);
  } catch (error) {
    if (process.env.VONGLAU_E2E_PICTURES) {
      await page.screenshot({ path: `${process.env.VONGLAU_E2E_PICTURES}/failed.png` });
    }
    throw error;
  } finally {
    await page.context().close();
  }
}

/** In the page: a number for the pixels of each tile's canvas; 0 while it is black. */
function tileSums() {
  return [...document.querySelectorAll('[data-testid^="tile-"]')].map((tile) => {
    const canvas = tile.querySelector('canvas');
    const copy = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0, 64, 36);
    const { data } = copy.getImageData(0, 0, 64, 36);
    return data.reduce((sum, value, i) => (i % 4 === 3 ? sum : (sum * 31 + value) % 1_000_003), 0);
  });
}

/** Which tiles changed, `rounds` of a second each; no longer than until all from `first` on have. */
async function movedTiles(page, rounds, first = 0) {
  let last = await page.evaluate(tileSums);
  const moved = last.map(() => false);
  for (let i = 0; i < rounds && !moved.slice(first).every(Boolean); i++) {
    await page.waitForTimeout(1_000);
    const now = await page.evaluate(tileSums);
    now.forEach((sum, tile) => (moved[tile] ||= sum !== 0 && last[tile] !== 0 && sum !== last[tile]));
    last = now;
  }
  return moved;
}

/** Opens the camera of a tile that is drawn as it runs: its strip tells when it was sent. */
async function openDrawn(page) {
  await page.getByTestId('tile-1').waitFor();
  for (let tries = 0; tries < 20; tries++) {
    const tile = await page.evaluate((source) => {
      const read = new Function(`return ${source}`)();
      const now = Date.now() % 2 ** 32;
      return [...document.querySelectorAll('[data-testid^="tile-"]')].findIndex((one) => {
        const number = read(one.querySelector('canvas'));
        return number !== null && Math.abs(now - number) < 60_000;
      });
    }, readStrip.toString());
    if (tile >= 0) {
      await page.getByTestId(`tile-${tile + 1}`).click();
      return;
    }
    await page.waitForTimeout(500);
  }
  assert.fail('no tile shows a camera that is drawn as it runs');
}

test('on a desktop all 32 tiles are seen at once, and each moves within ten seconds', () =>
  withPage(DESKTOP, async (page) => {
    await page.getByTestId(`tile-${CAMERAS}`).waitFor();
    assert.equal(await page.getByTestId('grid').getAttribute('data-columns'), '6');
    const moved = await movedTiles(page, 10);
    assert.equal(moved.length, CAMERAS);
    assert.deepEqual(moved.flatMap((is, tile) => (is ? [] : [tile + 1])), []);
  }));

test('on a phone the tiles that are scrolled to move, and only those are decoded', () =>
  withPage(PHONE, async (page) => {
    await page.getByTestId(`tile-${CAMERAS}`).waitFor();
    assert.equal(await page.getByTestId('grid').getAttribute('data-columns'), '2');
    const top = await movedTiles(page, 5);
    assert.ok(top.slice(0, 8).every(Boolean), 'the first tiles move');
    assert.ok(!top.slice(20).some(Boolean), 'tiles out of sight rest');
    await page.getByTestId(`tile-${CAMERAS}`).scrollIntoViewIfNeeded();
    const bottom = await movedTiles(page, 10, 24);
    assert.ok(bottom.slice(24).every(Boolean), 'the last tiles move once they are seen');
  }));

test('the wall has as many places as one chooses, page by page, asks for no more, and fills the screen', () =>
  withPage(DESKTOP, async (page) => {
    const asked = new Set(); // what the server sends
    page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => follow(payload)));
    const follow = (payload) => {
      const { op, camera } = JSON.parse(payload);
      if (op === 'subscribe') asked.add(camera);
      else asked.delete(camera);
    };
    await page.reload(); // the socket is seen from its beginning
    await page.getByTestId(`tile-${CAMERAS}`).waitFor();
    const shown = () => page.locator('[data-camera]').evaluateAll((tiles) => tiles.map((tile) => tile.dataset.camera).sort());
    const settle = async (count) => {
      for (let tries = 0; asked.size !== count && tries < 60; tries++) await page.waitForTimeout(100);
      assert.deepEqual([...asked].sort(), await shown());
    };
    await settle(CAMERAS);
    await page.getByTestId('layout-9').click();
    assert.equal(await page.getByTestId('grid').getAttribute('data-columns'), '3');
    await settle(9);
    const first = await shown();
    await page.keyboard.press('PageUp');
    await page.getByTestId('page-number').getByText('4/4').waitFor();
    await settle(5);
    assert.ok(!(await shown()).some((camera) => first.includes(camera)), 'the last page has other cameras');
    assert.equal(await page.getByTestId('age').count(), 5, 'each tells how old its picture is');

    await page.keyboard.press('2');
    await settle(4);
    await page.keyboard.press('f');
    await page.waitForFunction(() => document.fullscreenElement?.querySelector('[data-testid=grid]'));
    const bar = page.getByTestId('wall-full');
    await bar.waitFor({ state: 'hidden' });
    await page.mouse.move(400, 400);
    await bar.waitFor();
    await page.keyboard.press('f');
    await page.waitForFunction(() => !document.fullscreenElement);
    await page.reload();
    await page.getByTestId('tile-4').waitFor();
    assert.equal(await page.locator('[data-camera]').count(), 4, 'the layout is the one chosen last');
  }));

test('one camera shows pictures that are less than 400 ms old', () =>
  withPage(DESKTOP, async (page) => {
    await openDrawn(page);
    await page.getByTestId('player-canvas').waitFor();
    await page.waitForTimeout(3_000);
    const ages = await agesShown(page, 5_000);
    const median = ages[Math.floor(ages.length / 2)];
    console.log(`# pictures ${ages.length}, age: median ${median} ms, 90 % ${ages[Math.floor(ages.length * 0.9)]} ms`);
    assert.ok(ages.length > 40, `${ages.length} pictures in 5 s`);
    assert.ok(median > 0 && median < 400, `median age ${median} ms`);
  }));

/** Plays a camera back, jumps on the timeline, cuts a clip and looks into it. */
async function cutClip(page) {
  await page.getByTestId('tile-1').click();
  await page.getByTestId('player-canvas').waitFor();
  await page.waitForTimeout(Math.max(0, demo.since + FOOTAGE_MS - performance.now()));
  await page.getByTestId('to-playback').click();
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 2);
  const wall = async () => Number(await page.getByTestId('wall-time').getAttribute('data-ms'));

  // 20 s back on the timeline itself: where the pixel of that moment is
  await page.getByTestId('play').click();
  await page.waitForFunction(() => document.querySelector('video').paused);
  for (let i = 0; i < 4; i++) await page.getByTestId('look-closer').click();
  const before = await wall();
  const timeline = page.getByTestId('timeline');
  await timeline.scrollIntoViewIfNeeded();
  const box = await timeline.boundingBox();
  const [from, to] = await timeline.evaluate((node) => [Number(node.dataset.from), Number(node.dataset.to)]);
  const x = box.x + ((before - 20_000 - from) / (to - from)) * box.width;
  await page.mouse.move(x, box.y + 50);
  await page.waitForFunction(() => document.querySelector('[data-testid=preview] img')?.naturalWidth >= 160); // above the timeline
  const clicked = performance.now();
  await page.mouse.click(x, box.y + 50);
  await page.waitForFunction((was) => {
    const video = document.querySelector('video');
    const now = Number(document.querySelector('[data-testid=wall-time]').dataset.ms);
    return now < was - 10_000 && video.readyState >= 2 && !video.seeking;
  }, before);
  console.log(`# jump to picture: ${Math.round(performance.now() - clicked)} ms with the robot's own time`);
  const jumped = await wall();
  assert.ok(Math.abs(before - 20_000 - jumped) < 3_000, `went ${before - jumped} ms back`);

  await page.getByTestId('play').click();
  await page.waitForFunction((was) => Number(document.querySelector('[data-testid=wall-time]').dataset.ms) > was + 1_500, jumped);
  await page.getByTestId('mark-from').click();
  await page.waitForTimeout(6_000);
  await page.getByTestId('mark-to').click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('clip-download').click().then(() => page.getByTestId('reason-routine-check').click()),
  ]);
  const file = `${demo.data}/clip-${Date.now()}.mp4`;
  await download.saveAs(file);
  assert.match(download.suggestedFilename(), /^[a-z0-9-]+-\d{8}-\d{6}-\d+s\.mp4$/);
  const { stdout } = await run('ffprobe', [
    '-v', 'error', '-count_frames', '-show_entries', 'stream=codec_type,nb_read_frames:format=duration', '-of', 'json', file,
  ]);
  const film = JSON.parse(stdout);
  const pictures = Number(film.streams.find((stream) => stream.codec_type === 'video').nb_read_frames);
  const seconds = Number(film.format.duration);
  assert.ok(seconds > 5 && seconds < 11, `${seconds} s of film`);
  assert.ok(Math.abs(pictures / seconds - 15) < 1.5, `${pictures} pictures in ${seconds} s`);
}

test('on a desktop one jumps back on the timeline and cuts a clip', () => withPage(DESKTOP, cutClip));

test('on a phone one jumps back on the timeline and cuts a clip', () => withPage(PHONE, cutClip));
