// beside.test.mjs — several cameras played back beside each other, in step by what is drawn into their
// pictures, at every speed, picture by picture, and with one that has no footage of the moment. First,
// while footage comes together, one of them live in a browser without WebCodecs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { after, before, test } from 'node:test';
import { check } from './accessible.mjs';
import { DESKTOP, filmAddress, PHONE, startBrowser, startDemo, startSim } from './demo.mjs';
import { inPage } from './in-page.mjs';
import { agesShown, pictureAfter, readStrip } from './strip.mjs';

const HOST = `127.${1 + Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}.20`;
const CAMERAS = 9;
/** of the simulator: 15 a second */
const PICTURE_MS = 1000 / 15;
/** How long the cameras must have been recorded before the tests go back in time. */
const FOOTAGE_MS = 25_000;

let demo;
let browser;
let sim;
let added;
/** ids of the cameras, which are drawn as they run: each picture holds the time that it was drawn */
let ids;

before(async () => {
  demo = await startDemo(1, ['--scene', 'test']);
  sim = await startSim(CAMERAS, HOST, CAMERAS);
  browser = await startBrowser();
  await withPage(DESKTOP, async (page) => {
    ids = await Promise.all(
      sim.cameras.map(async ({ main }, i) => {
        const answer = await page.request.post(`${demo.url}/api/v1/cameras`, { data: { name: `Ngõ ${i + 1}`, url: main } });
        assert.equal(answer.status(), 201, await answer.text());
        return (await answer.json()).id;
      }),
    );
  });
  added = performance.now();
});

after(async () => {
  await browser?.close();
  await sim?.stop();
  await demo?.stop();
});

const withPage = (screen, body) => inPage(browser, demo, screen, 'admin', body);

/** Plays these cameras back from so long ago; the page is there when all show a picture. */
async function openBeside(page, cameras, agoMs) {
  await page.waitForTimeout(Math.max(0, added + FOOTAGE_MS - performance.now()));
  await page.goto(`${demo.url}/playback/${cameras.join(',')}?at=${new Date(Date.now() - agoMs).toISOString()}`);
  const all = (count) => [...document.querySelectorAll('video')].filter((video) => video.readyState >= 2).length === count;
  try {
    await page.waitForFunction(all, cameras.length, { timeout: 60_000 });
  } catch (error) {
    throw new Error(`not all show a picture: ${JSON.stringify(await page.evaluate(lanes))}`, { cause: error });
  }
}

/** What each camera's player stands at, for who has to find out why one shows no picture. */
const lanes = () =>
  [...document.querySelectorAll('[data-testid^=lane-][data-state]')].map((lane) => {
    const video = lane.querySelector('video');
    const spans = video ? Array.from({ length: video.buffered.length }, (_, i) => [video.buffered.start(i), video.buffered.end(i)]) : [];
    return { lane: lane.dataset.testid, state: lane.dataset.state, ready: video?.readyState, at: video?.currentTime, spans, error: video?.error?.message };
  });

/** At each look, for `most` ms: the times that are drawn into the pictures on the screen, or into `some` of them. */
function looks(page, most, some = null) {
  return page.evaluate(
    async ([source, ms, which]) => {
      const read = new Function(`return ${source}`)();
      const seen = [];
      for (const end = performance.now() + ms; performance.now() < end; ) {
        await new Promise((done) => setTimeout(done, 90));
        const times = [...document.querySelectorAll('video')].filter((_, i) => !which || which.includes(i)).map(read);
        if (times.every((time) => time !== null)) seen.push(times);
      }
      return seen;
    },
    [readStrip.toString(), most, some],
  );
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b);
const middle = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];

const drawn = (page) => page.evaluate((source) => [...document.querySelectorAll('video')].map(new Function(`return ${source}`)()), readStrip.toString());
const wall = async (page) => Number(await page.getByTestId('wall-time').getAttribute('data-ms'));

test('nine cameras on a desk play in step, by the time that is drawn into their pictures', () =>
  withPage(DESKTOP, async (page) => {
    await openBeside(page, ids, 20_000);
    await page.waitForTimeout(2_000);
    const seen = await looks(page, 4_000);
    // Each camera draws at moments of its own, and its clock is known to some milliseconds: what is left of
    // the first camera's time is the same all the while, give or take the picture that is just changing.
    const behind = ids.map((_, i) => seen.map((times) => times[i] - times[0]));
    const drifts = sorted(behind.flatMap((one) => one.map((ms) => Math.abs(ms - middle(one)))));
    const drift = drifts[Math.floor(drifts.length * 0.95)];
    const apart = Math.max(...behind.map(middle)) - Math.min(...behind.map(middle));
    console.log(`# ${seen.length} looks at ${CAMERAS} cameras: drift ${middle(drifts)} ms in the middle, ${drift} ms in 95 %; apart by ${apart} ms`);
    assert.ok(seen.length >= 8, `${seen.length} looks`);
    assert.ok(drift <= PICTURE_MS + 8, `drift ${drift} ms`);
    assert.ok(apart <= PICTURE_MS * 3, `apart by ${apart} ms`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/nine-desk.png` });
    await check(page, 'nine cameras');
  }));

/** In a part of a film: each fragment behind the first begins this much later, as where a picture was lost between them. */
function later(part, ms) {
  for (let at = part.indexOf('moof') + 4; (at = part.indexOf('moof', at)) > 0; at += 4) {
    const time = part.indexOf('tfdt', at) + 8;
    part.writeBigUInt64BE(part.readBigUInt64BE(time) + BigInt(ms * 90), time);
  }
  return part;
}

test('a picture that comes late, between key pictures, costs nothing of what is behind it', () =>
  withPage(DESKTOP, async (page) => {
    let changed = 0;
    await page.route('**/segments/**', async (route) => {
      const answer = await route.fetch();
      const body = later(await answer.body(), 1.5 * PICTURE_MS);
      if (body.indexOf('moof') !== body.lastIndexOf('moof')) changed++;
      await route.fulfill({ response: answer, body });
    });
    await openBeside(page, ids.slice(0, 1), 15_000);
    await page.waitForFunction(() => document.querySelector('video').currentTime > document.querySelector('video').buffered.start(0) + 5);
    const { spans } = (await page.evaluate(lanes))[0];
    assert.ok(changed >= 3, `${changed} parts with late pictures`);
    assert.equal(spans.length, 1, `no holes: ${JSON.stringify(spans)}`);
  }));

/** When the pictures of a camera around a moment come, in ms from the first of them, as its footage says. */
async function picturesAround(page, camera, ms) {
  const [from, to] = [ms - 3_000, ms + 2_000].map((at) => new Date(at).toISOString());
  const path = `${demo.data}/around.mp4`;
  await writeFile(path, await (await page.request.get(await filmAddress(page.request, demo.url, camera, from, to))).body());
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path]);
  return stdout.trim().split('\n').map((line) => Number.parseFloat(line) * 1_000);
}

test('four cameras stop on the same moment, and go picture by picture, both ways, together', () =>
  withPage(PHONE, async (page) => {
    await openBeside(page, ids.slice(0, 4), 15_000);
    await page.getByTestId('play').click();
    await page.waitForTimeout(500);
    await page.getByTestId('picture-after').click(); // from here on the screen knows where it stands
    await page.waitForTimeout(700);
    const [start, first] = [await wall(page), await drawn(page)];
    const moments = [];
    for (let i = 0; i < 3; i++) {
      await page.getByTestId('picture-after').click();
      await page.waitForFunction((was) => Number(document.querySelector('[data-testid=wall-time]').dataset.ms) > was + 20, moments.at(-1) ?? start);
      moments.push(await wall(page));
    }
    await page.waitForTimeout(500);
    const after = await drawn(page);
    const went = moments.map((ms) => ms - start);
    console.log(`# three pictures on: ${went} ms, drawn ${after.map((time, i) => time - first[i])} ms, apart by ${Math.max(...after) - Math.min(...after)} ms`);
    // A busy machine draws and sends its pictures unevenly: the footage says how far three of them are.
    const pictures = await picturesAround(page, ids[0], start);
    const threeOn = (_, i) => went.every((ms, k) => Math.abs(pictures[i + 1 + k] - pictures[i] - ms) < 8);
    assert.ok(pictures.some(threeOn), `the first goes by three pictures, not ${went} ms among those at ${pictures}`);
    assert.ok(Math.abs(after[0] - first[0] - went[2]) < PICTURE_MS / 2, `the first shows a picture drawn ${after[0] - first[0]} ms later`);
    for (const times of [first, after]) assert.ok(Math.max(...times) - Math.min(...times) <= PICTURE_MS * 1.5, `apart: ${times}`);
    for (let i = 0; i < 3; i++) {
      const was = await wall(page);
      await page.keyboard.press(',');
      await page.waitForFunction((ms) => Number(document.querySelector('[data-testid=wall-time]').dataset.ms) < ms - 20, was);
    }
    await page.waitForTimeout(500);
    assert.equal((await drawn(page))[0], first[0], 'three back is where it was');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/four-phone.png` });
    await check(page, 'four cameras on a phone');
  }));

test('a camera without footage says so in its place, and the others go on; one is taken off, one set beside', () =>
  withPage(DESKTOP, async (page) => {
    const paused = await page.request.post(`${demo.url}/api/v1/cameras`, { data: { name: 'Chưa ghi', url: sim.cameras[0].main, paused: true, pause_reason: 'thử' } });
    assert.equal(paused.status(), 201);
    const { id: empty } = await paused.json();
    await page.waitForTimeout(Math.max(0, added + FOOTAGE_MS - performance.now()));
    await page.goto(`${demo.url}/playback/${ids[0]},${empty},${ids[1]}?at=${new Date(Date.now() - 15_000).toISOString()}`);
    await page.getByTestId('lane-2').getByText('Không có hình ghi ở thời điểm này.').waitFor();
    const seen = await looks(page, 3_000, [0, 2]);
    const [was, now] = [seen[0], seen.at(-1)];
    assert.ok(now[0] > was[0] + 1_500 && now[1] > was[1] + 1_500, `the others go on, from ${was} to ${now}`);
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/gap-desk.png` });
    await page.getByTestId('lane-remove-2').click();
    await page.getByTestId('lane-3').waitFor({ state: 'detached' });
    await page.getByTestId('playback-camera').click();
    await page.getByTestId(`beside-${ids[2]}`).click();
    await check(page, 'choosing cameras');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/choose-desk.png` });
    await page.keyboard.press('Escape');
    await page.getByTestId('lane-3').waitFor();
    assert.match(page.url(), new RegExp(`${ids[0]},${ids[1]},${ids[2]}`));
    await page.request.delete(`${demo.url}/api/v1/cameras/${empty}`);
  }));

/** Pictures of a film that can be decoded, and how many seconds it lasts. */
async function filmOf(path) {
  const { stdout } = await promisify(execFile)('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', 'stream=codec_type,nb_read_frames:format=duration', '-of', 'json', path]);
  const film = JSON.parse(stdout);
  return { pictures: Number(film.streams.find((stream) => stream.codec_type === 'video').nb_read_frames), seconds: Number(film.format.duration) };
}

test('one tap saves a film of each camera shown, over a line that breaks, and a note of what they hold', () =>
  withPage(PHONE, async (page) => {
    const of = ids.slice(0, 2);
    await page.waitForTimeout(Math.max(0, added + FOOTAGE_MS - performance.now()));
    const [from, to] = [14_000, 8_000].map((ago) => new Date(Date.now() - ago).toISOString());
    await page.goto(`${demo.url}/playback/${of.join(',')}?at=${from}&to=${to}`);
    // the first answer of a film breaks in the middle
    let broken = 0;
    await page.route('**/clip.mp4**', async (route) => {
      if (broken++ > 0) return route.continue();
      const answer = await route.fetch();
      const body = await answer.body();
      await route.fulfill({ response: answer, body: body.subarray(0, body.length / 2), headers: answer.headers() });
    });
    const saved = [];
    page.on('download', (download) => saved.push(download));
    await page.getByTestId('clips-download').click();
    await page.getByTestId('reason-routine-check').click(); // however young it is; then it goes on by itself
    await page.getByTestId('clips-list').waitFor();
    await page.waitForFunction(() => !document.querySelector('progress'));
    for (let i = 0; i < 50 && saved.length < 3; i++) await page.waitForTimeout(50);
    assert.equal(saved.length, 3);
    assert.ok(broken >= 3, 'the broken film was asked for again');
    for (const film of saved.slice(0, 2)) {
      assert.match(film.suggestedFilename(), /^ngo-[12]-\d{8}-\d{6}-6s\.mp4$/);
      const { pictures, seconds } = await filmOf(await film.path());
      assert.ok(Math.abs(seconds - 6) < 1.5, `${seconds} s of film`);
      assert.ok(Math.abs(pictures / seconds - 15) < 2, `${pictures} pictures in ${seconds} s`);
    }
    const note = await readFile(await saved[2].path(), 'utf8');
    assert.match(note, /Ngõ 1: ngo-1-.*\.mp4[\s\S]*Ngõ 2: ngo-2-/);
    await page.getByTestId('clips').scrollIntoViewIfNeeded();
    await check(page, 'clips');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/clips-phone.png` });
  }));

test('a copy with the clock in its pictures is made while one watches, fetched, and thrown away', () =>
  withPage(PHONE, async (page) => {
    await page.waitForTimeout(Math.max(0, added + FOOTAGE_MS - performance.now()));
    const [from, to] = [6_000, 4_000].map((ago) => new Date(Date.now() - ago).toISOString());
    await page.goto(`${demo.url}/playback/${ids[0]}?at=${from}&to=${to}`);
    await page.getByTestId('clip-kind-copy').check();
    await page.getByTestId('copy-make').click();
    await page.getByTestId('reason-routine-check').waitFor();
    await check(page, 'a reason to take footage out');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/reason-taken-phone.png` });
    await page.getByTestId('reason-routine-check').click();
    await page.getByTestId('copies').waitFor();
    await page.getByTestId('copies').scrollIntoViewIfNeeded();
    await check(page, 'a copy');
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/copy-phone.png` });
    await page.locator('[data-testid=copy][data-state=done]').waitFor({ timeout: 60_000 }); // it stands back behind all else
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/copy-done-phone.png` });
    const [film] = await Promise.all([page.waitForEvent('download'), page.getByTestId('copy-download').click()]);
    assert.match(film.suggestedFilename(), /^ngo-1-\d{8}-\d{6}-2s-copy-[0-9a-f]{8}\.mp4$/);
    const original = `${demo.data}/original.mp4`;
    await writeFile(original, await (await page.request.get(await filmAddress(page.request, demo.url, ids[0], from, to))).body());
    const [copied, recorded] = [await filmOf(await film.path()), await filmOf(original)];
    assert.ok(recorded.pictures > 5 && Math.abs(copied.pictures - recorded.pictures) <= 2, `${copied.pictures} pictures of ${recorded.pictures}`);
    assert.ok(Math.abs(copied.seconds - recorded.seconds) < 0.5, `${copied.seconds} s of ${recorded.seconds}`);
    await page.getByTestId('copy-remove').click();
    await page.getByTestId('copies').waitFor({ state: 'detached' });
  }));

test('a jump shows its first picture at once, and ×16 runs by key pictures', () =>
  withPage(DESKTOP, async (page) => {
    await openBeside(page, ids.slice(0, 1), 12_000);
    const jumps = await page.evaluate(async () => {
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowRight']) {
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        await new Promise((done) => setTimeout(done, 900));
      }
      return performance.getEntriesByName('jump').slice(-5).map(({ duration }) => Math.round(duration)).sort((a, b) => a - b);
    });
    console.log(`# from a jump to its picture: ${jumps.join(', ')} ms`);
    assert.equal(jumps.length, 5);
    assert.ok(jumps[2] <= 200, `${jumps} ms`);

    await page.keyboard.press('Shift+ArrowLeft');
    await page.getByTestId('speed').selectOption('16');
    const start = await wall(page);
    const [canvasSeen, ran] = await page.evaluate(
      async ([source, was]) => {
        const read = new Function(`return ${source}`)();
        const times = new Set();
        const begin = performance.now();
        while (performance.now() < begin + 2_000) {
          await new Promise((done) => setTimeout(done, 40));
          const number = read(document.querySelector('[data-testid=lane-1] canvas'));
          if (number !== null) times.add(number);
        }
        return [[...times], Number(document.querySelector('[data-testid=wall-time]').dataset.ms) - was];
      },
      [readStrip.toString(), start],
    );
    console.log(`# ×16: ${canvasSeen.length} key pictures in two seconds, which was ${ran} ms of footage`);
    assert.ok(canvasSeen.length >= 3, `${canvasSeen.length} key pictures`);
    assert.ok(canvasSeen.every((time, i) => i === 0 || time > canvasSeen[i - 1]), 'forwards');
  }));

test('a phone: a box is drawn with a finger, dragged along at a later moment, and the redacted copy is made', () =>
  withPage(PHONE, async (page, tap) => {
    await openBeside(page, ids.slice(0, 1), 15_000);
    await tap('mark-from');
    await page.waitForTimeout(2_000);
    await tap('mark-to');
    await tap('clip-kind-redacted');
    await page.getByTestId('copy-receiver').fill('Bà Lò Thị Mẫu');
    await tap('copy-redact');
    await tap('reason-routine-check');
    await page.locator('[data-testid=redact][data-state=ready]').waitFor();
    const layer = await page.getByTestId('redact-layer').boundingBox();
    const drag = async (...points) => {
      for (const [i, [x, y]] of points.entries()) {
        await page.mouse.move(layer.x + layer.width * x, layer.y + layer.height * y);
        if (i === 0) await page.mouse.down();
      }
      await page.mouse.up();
    };
    const box = () => page.getByTestId('redact-box').boundingBox();
    await drag([0.2, 0.3], [0.3, 0.5], [0.4, 0.6]);
    const first = await box();
    assert.ok(Math.abs(first.x - layer.x - layer.width * 0.2) < 3 && Math.abs(first.width - layer.width * 0.2) < 3, JSON.stringify(first));
    const slider = page.getByTestId('redact-moment');
    await slider.fill(String(Number(await slider.getAttribute('min')) + 1_000));
    await drag([0.3, 0.45], [0.5, 0.45], [0.6, 0.45]);
    const later = await box();
    assert.ok(Math.abs(later.x - first.x - layer.width * 0.3) < 3, 'it was dragged along');
    assert.equal(await page.getByTestId('redact-one').locator('li').count(), 2);
    await slider.fill(String(Number(await slider.getAttribute('min')) + 500));
    const between = await box();
    assert.ok(between.x > first.x + 10 && between.x < later.x - 10, 'between its moments it is on the way');
    await tap('redact-preview');
    await check(page, 'redacting');
    await tap('redact-done');
    await page.locator('[data-testid=copy][data-state=done]').waitFor({ timeout: 60_000 });
    assert.match(await page.getByTestId('copy').innerText(), /đã che[^]*BC-\d{4}-0001 · bên nhận: Bà Lò Thị Mẫu/);
  }));

/** In the page, before the app: no WebCodecs, and a camera whose pictures never last as long as the server could tell. */
function withoutWebCodecs() {
  delete globalThis.VideoDecoder;
  const TRUN = 0x7472756e;
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      this.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const view = new DataView(data);
        for (let at = 24; at + 20 <= Math.min(data.byteLength, 160); at++) if (view.getUint32(at) === TRUN) view.setUint32(at + 16, 100);
      });
    }
  };
}

test('a browser without WebCodecs shows live pictures that run and are young, by Media Source Extensions, and tells their age', () =>
  withPage(PHONE, async (page) => {
    await page.addInitScript(withoutWebCodecs);
    await page.goto(`${demo.url}/live/${ids[0]}`);
    await pictureAfter(page, await pictureAfter(page, null));
    const ages = await agesShown(page, 10_000, 60);
    const median = ages[ages.length >> 1];
    console.log(`# by MSE: pictures ${ages.length}, age: median ${median} ms, 90 % ${ages[Math.floor(ages.length * 0.9)]} ms`);
    assert.equal(ages.length, 60, 'so many pictures in 10 s');
    assert.ok(median > 0 && median < 400, `median age ${median} ms`);
    assert.match(await page.getByTestId('player-age').innerText(), /^Hình cách đây \d/);
  }));

/** As an iPhone before iOS 17.1. */
const withoutDecoders = () => ['VideoDecoder', 'MediaSource', 'ManagedMediaSource'].forEach((name) => delete globalThis[name]);

test('a browser without WebCodecs and Media Source Extensions plays live pictures by HLS, late, and says how late', () =>
  withPage(PHONE, async (page) => {
    await page.addInitScript(withoutDecoders);
    await page.goto(`${demo.url}/live/${ids[0]}`);
    await page.getByTestId('late').waitFor();
    await page.getByTestId('player-age').waitFor();
    await page.getByTestId('late-video').evaluate(async (video) => {
      const begun = video.currentTime;
      while (video.currentTime < begun + 6) await new Promise((done) => setTimeout(done, 100)); // it is asked some times how new the newest part is
    });
    const seen = await page.getByTestId('late-video').evaluate(
      async (video, source) => {
        const read = new Function(`return ${source}`)();
        const pictures = new Map();
        for (const end = performance.now() + 12_000; performance.now() < end && pictures.size < 20; ) {
          await new Promise((done) => setTimeout(done, 100));
          const number = read(video);
          if (number === null) continue;
          const told = parseFloat(document.querySelector('[data-testid=player-age]').innerText.replace(',', '.').replace(/^\D*/, ''));
          pictures.set(number, { age: (Date.now() % 2 ** 32) - number, told: told * 1000 });
        }
        return [...pictures.values()];
      },
      readStrip.toString(),
    );
    const off = seen.map(({ age, told }) => Math.abs(age - told)).sort((a, b) => a - b);
    console.log(`# by HLS: ${seen.length} pictures, ${seen[0]?.age} ms old, what is told is off by ${off[off.length >> 1]} ms`);
    assert.equal(seen.length, 20, 'it moves');
    assert.ok(seen.every(({ age }) => age > 0 && age < 30_000), 'nothing older is shown');
    assert.ok(off[off.length >> 1] < 3_000, 'the age on the screen is that of the picture, but for a part of the film');
    await check(page, 'one camera, by HLS');
  }));

test('a browser that cannot show live pictures at all says so, and shows single ones with their age', () =>
  withPage(PHONE, async (page) => {
    await page.addInitScript(withoutDecoders);
    await page.addInitScript(() => (HTMLMediaElement.prototype.canPlayType = () => ''));
    await page.goto(`${demo.url}/live/${ids[0]}`);
    await page.getByText('Trình duyệt này quá cũ').waitFor();
    await page.getByTestId('still').click();
    assert.notEqual(await pictureAfter(page, null), null);
    assert.match(await page.getByTestId('player-age').innerText(), /^Hình cách đây \d/);
    await check(page, 'one camera, by single pictures');
  }));
