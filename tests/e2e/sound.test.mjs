// sound.test.mjs — sound of cameras that speak AAC and both kinds of G.711, in a browser: the
// footage of a playlist and a clip by Media Source Extensions and by themselves, live, and where a part of it is missing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DESKTOP, filmAddress, openPage, signIn, startBrowser, startDemo } from './demo.mjs';
import { SoundTaker, listenTo, turns } from './sound-holes.mjs';

const CAMERAS = 8;
const FOOTAGE_S = 16;
/** Fragments, of a second each, without sound; playback begins with the fifth or sixth. */
const HOLE = [7, 8];
/** It is listened to up to this second. */
const HEARD_S = 9.5;
/** What sound is told as, and what it is in MP4. */
const KINDS = { AAC: 'mp4a.40.2', 'G.711 A-law': 'flac', 'G.711 µ-law': 'flac' };

let demo;
let browser;
let page;
/** when all had their sound */
let begun;
/** By the kind of sound: a camera and the coding of its pictures. */
const heard = {};

/** In the page: turns sound on, and tells the cameras by the sound they have, once they have it. */
async function turnOn() {
  const api = (path, more) => fetch(`/api/v1${path}`, more);
  const { items } = await (await api('/cameras')).json();
  const found = {};
  for (const { id } of items) {
    await api(`/cameras/${id}`, { method: 'PATCH', headers: { 'Content-Type': 'application/json' }, body: '{"audio":true}' });
  }
  for (let tries = 0; tries < 30; tries++) {
    for (const { id } of items) {
      const { main } = await (await api(`/cameras/${id}/status`)).json();
      if (main?.audio) found[main.audio] ??= { camera: id, video: main.rfc6381 };
    }
    if (Object.keys(found).length >= 3) break;
    await new Promise((done) => setTimeout(done, 500));
  }
  return found;
}

/** In the page: plays a part of the footage, or the film at `clip`; resolves to bytes of sound and pictures decoded. */
async function play({ camera, video: codec, audio, from, to, clip }) {
  const path = `/api/v1/cameras/${camera}`;
  const span = `?from=${from}&to=${to}`;
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const decoded = () => ({ sound: video.webkitAudioDecodedByteCount, pictures: video.getVideoPlaybackQuality().totalVideoFrames, error: video.error?.message ?? '' });
  if (clip) {
    video.src = clip;
  } else {
    const list = await (await fetch(`${path}/playlist.m3u8${span}`)).text();
    const part = /#EXT-X-MAP:URI="([^"]+)",BYTERANGE="/.exec(list);
    if (!part) return { error: `no footage: ${list.slice(0, 300)}` };
    const file = await (await fetch(new URL(part[1], new URL(path + '/x', location.href)))).arrayBuffer();
    const media = new MediaSource();
    video.src = URL.createObjectURL(media);
    await new Promise((done) => media.addEventListener('sourceopen', done, { once: true }));
    const buffer = media.addSourceBuffer(`video/mp4; codecs="${codec},${audio}"`);
    buffer.appendBuffer(file);
    await new Promise((done) => buffer.addEventListener('updateend', done, { once: true }));
    if (buffer.buffered.length) video.currentTime = buffer.buffered.start(0) + 0.1;
  }
  await video.play();
  for (let tries = 0; tries < 50 && !video.error && !(decoded().sound > 0 && decoded().pictures > 15); tries++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  const result = decoded();
  video.remove();
  return result;
}

/** In the page: listens to a camera live for a while. */
async function listen({ camera, audio }) {
  const element = document.createElement('audio');
  element.muted = true;
  document.body.append(element);
  const media = new MediaSource();
  element.src = URL.createObjectURL(media);
  await new Promise((done) => media.addEventListener('sourceopen', done, { once: true }));
  const buffer = media.addSourceBuffer(`audio/mp4; codecs="${audio}"`);
  const waiting = [];
  const next = () => !buffer.updating && waiting.length && buffer.appendBuffer(waiting.shift());
  buffer.addEventListener('updateend', next);
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/live`);
  socket.binaryType = 'arraybuffer';
  let told = '';
  let units = 0;
  socket.onopen = () => socket.send(JSON.stringify({ op: 'subscribe', camera, stream: 'main', audio: true }));
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') {
      told = JSON.parse(data).audio || told;
      return;
    }
    const head = new DataView(data);
    if (!(head.getUint8(1) & 8)) return;
    units += head.getUint8(1) & 2 ? 0 : 1;
    waiting.push(data.slice(head.getUint16(2)));
    next();
  };
  for (let tries = 0; tries < 100 && !element.error && !(element.webkitAudioDecodedByteCount > 0); tries++) {
    await new Promise((done) => setTimeout(done, 100));
    if (buffer.buffered.length && element.paused) {
      element.currentTime = buffer.buffered.start(0);
      void element.play();
    }
  }
  socket.close();
  const result = { told, units, sound: element.webkitAudioDecodedByteCount, error: element.error?.message ?? '' };
  element.remove();
  return result;
}

before(async () => {
  demo = await startDemo(CAMERAS);
  browser = await startBrowser();
  page = await openPage(browser, DESKTOP);
  await signIn(page, demo.url, 'admin', demo.accounts.admin);
  Object.assign(heard, await page.evaluate(turnOn));
  begun = performance.now();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test('cameras with AAC and with both kinds of G.711 are there', () => {
  assert.deepEqual(Object.keys(heard).sort(), Object.keys(KINDS).sort());
});

test('their live sound is decoded', async () => {
  for (const [kind, audio] of Object.entries(KINDS)) {
    const result = await page.evaluate(listen, { ...heard[kind], audio });
    assert.equal(result.told, audio);
    assert.equal(result.error, '');
    assert.ok(result.sound > 0, `${kind} is heard`);
  }
});

/** How old the picture of the one camera is, as the app tells it, in ms: the median of three seconds. */
async function ageOf(page) {
  const ages = [];
  for (let i = 0; i < 15; i++) {
    const text = await page.getByTestId('player-age').textContent();
    ages.push(Number(/(\d+),(\d) giây/.exec(text)?.slice(1).join('')) * 100);
    await page.waitForTimeout(200);
  }
  return ages.sort((a, b) => a - b)[7];
}

test('in the app sound is heard on request, without making the picture later, and stands in the audit log', async () => {
  await page.getByTestId('nav-live').click();
  for (const [kind, { camera }] of Object.entries(heard)) {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))); // the cameras are asked for anew
    await page.locator(`[data-camera="${camera}"]`).click();
    const button = page.getByTestId('listen');
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-pressed'), 'false', 'it is off until it is asked for');
    await page.getByTestId('player-age').waitFor();
    const before = await ageOf(page);
    await button.click();
    await page.waitForFunction(() => document.querySelector('[data-testid=listen]').dataset.state === 'playing');
    await page.getByTestId('sound-told').waitFor({ state: 'detached' });
    const after = await ageOf(page);
    console.log(`# ${kind}: the picture is ${before} ms old without its sound, ${after} ms with it`);
    assert.ok(after <= Math.max(400, before + 300), `${kind}: ${before} ms, then ${after} ms`);
    await page.getByTestId('back').click();
    const lines = async () => {
      const { items } = await (await page.request.get(`${demo.url}/api/v1/audit?camera=${camera}`)).json();
      return items.map(({ action }) => action).filter((action) => action.startsWith('listen'));
    };
    for (let tries = 0; tries < 50 && (await lines())[0] !== 'listen-end'; tries++) await page.waitForTimeout(100);
    assert.deepEqual((await lines()).slice(0, 2), ['listen-end', 'listen']);
  }
});

test('their footage plays with sound, by Media Source Extensions and as a clip', async () => {
  await page.waitForTimeout(Math.max(0, begun + FOOTAGE_S * 1_000 - performance.now()));
  const to = new Date(Date.now() - 3_000).toISOString();
  const from = new Date(Date.now() - (FOOTAGE_S - 1) * 1_000).toISOString();
  for (const [kind, audio] of Object.entries(KINDS)) {
    for (const clip of ['', await filmAddress(page.request, demo.url, heard[kind].camera, from, to)]) {
      const result = await page.evaluate(play, { ...heard[kind], audio, from, to, clip });
      assert.equal(result.error, '');
      assert.ok(result.pictures > 15, `${kind}: pictures are decoded`);
      assert.ok(result.sound > 0, `${kind}: sound is decoded`);
    }
  }
});

test('where sound is missing in footage pictures go on, and what follows is heard in its time', async () => {
  // A frame of AAC fades out over half of the next one, and in over half of the one before.
  for (const [kind, rate, fades] of [['AAC', 16_000, 0.032], ['G.711 A-law', 8_000, 0]]) {
    const taker = new SoundTaker(rate, (fragment) => HOLE.includes(fragment));
    await page.route('**/segments/**', async (route) => {
      const response = await route.fetch();
      const body = await response.body();
      await route.fulfill({ response, body: body.includes('moov') ? body : taker.take(body) });
    });
    await page.goto(`${demo.url}/playback/${heard[kind].camera}?at=${new Date(Date.now() - 20_000).toISOString()}`);
    await page.waitForFunction(() => document.querySelector('video')?.readyState >= 3);
    await page.getByTestId('wall-time').click(); // browsers make no sound before somebody has touched the page
    if (await page.evaluate(() => document.querySelector('video').paused)) await page.getByTestId('play').click();
    const { blocks, pictures, begins } = await page.evaluate(listenTo, HEARD_S);
    await page.unroute('**/segments/**');
    const [hole] = taker.holes;
    const into = begins - taker.begins;
    const silent = turns(blocks, into, hole);
    const steps = pictures.slice(1).map((at, i) => at - pictures[i]);
    console.log(`# ${kind}: sound is missing from ${hole.from} to ${hole.to}, and silent from ${silent.from.toFixed(3)} to ${silent.to.toFixed(3)}; at most ${Math.max(...steps).toFixed(3)} s between pictures`);
    assert.ok(Math.max(...steps) < 0.5, 'pictures go on');
    assert.ok(Math.abs(silent.from - hole.from) < 0.2, `${kind}: there is silence where sound is missing`);
    assert.ok(Math.abs(silent.to - silent.from - (hole.to - hole.from)) <= 0.05 + fades, `${kind}: what follows the hole is in its time`);
  }
});
