// demo.mjs — what the browser tests stand on: the simulated commune, as `vonglau demo` starts it,
// and Debian's Chromium.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { SCENES } from './scenes.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { chromium } = createRequire(join(root, 'web/package.json'))('playwright-core');

const QUIET_MS = 90_000; // it tells each percent of the scenes that it draws
const STOP_MS = 15_000;

export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
};

/** Starts the commune, with `more` arguments of `vonglau demo` and the text of a configuration file; resolves when it is served:
 * {url, accounts: {name: password}, since, stop()}. `program` serves the app that lies beside it. */
export async function startDemo(cameras, more = [], config = '', program = join(root, 'build/vonglau')) {
  const data = await mkdtemp(join(process.env.VONGLAU_E2E_DIR ?? tmpdir(), 'vonglau-e2e-'));
  await mkdir(SCENES, { recursive: true });
  await symlink(SCENES, join(data, 'sim-cache'));
  if (config) await writeFile(join(data, 'config.yaml'), config);
  const listen = `127.0.0.1:${await freePort()}`;
  const args = ['demo', '--data', data, '--cameras', String(cameras), '--listen', listen, ...more];
  const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = [];
  let heard = performance.now();
  createInterface({ input: server.stderr }).on('line', (line) => {
    heard = performance.now();
    if (/^prepare \d+$/.test(line)) return;
    errors.push(line);
    if (errors.length > 200) errors.shift();
  });
  const said = () => errors.join('\n').slice(-2000);
  const gone = new Promise((resolve) => server.once('exit', (code, signal) => resolve(signal ?? code)));
  const stop = async () => {
    server.kill('SIGINT');
    const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
    const end = await gone;
    clearTimeout(timer);
    await rm(data, { recursive: true, force: true });
    if (end !== 0) throw new Error(`the server ended with ${end}, not cleanly:\n${said()}`);
  };
  const demo = { url: '', accounts: {}, since: 0, data, stop };
  const started = new Promise((resolve) => {
    createInterface({ input: server.stdout }).on('line', (line) => {
      demo.url ||= /https?:\/\/\S+/.exec(line)?.[0] ?? '';
      const account = /^\s+(admin|commander|officer|village|auditor)\s+\S+\s+(\S+)$/.exec(line);
      if (account) demo.accounts[account[1]] = account[2];
      if (demo.url && line.startsWith('Ctrl-C')) resolve(true);
    });
  });
  const late = new Promise((resolve) => {
    const clock = setInterval(() => performance.now() - heard > QUIET_MS && resolve(false), 1_000);
    void started.finally(() => clearInterval(clock));
    clock.unref();
  });
  if (!(await Promise.race([started, late, gone.then(() => false)]))) {
    await stop().catch(() => {});
    throw new Error(`the demo did not start:\n${said()}`);
  }
  demo.since = performance.now();
  return demo;
}

/** Whoever asks with `request` tells a routine as the reason for footage of a camera: the address of the film of that span. */
export async function filmAddress(request, url, camera, from, to) {
  const answer = await request.post(`${url}/api/v1/access`, { data: { cameras: [camera], from, to, reason: 'routine-check' } });
  const { grant } = await answer.json();
  return `${url}/api/v1/cameras/${camera}/clip.mp4?${new URLSearchParams({ from, to, grant })}`;
}

/** A port that nobody listens on, below those the kernel hands out to whoever connects or asks for any. */
async function freePort() {
  for (;;) {
    const server = createServer().listen(20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1');
    const free = await once(server, 'listening').then(() => true, () => false);
    const { port } = server.address() ?? {};
    if (free) return new Promise((resolve) => server.close(() => resolve(port)));
  }
}

/** Another simulator, on an address of its own, which the test owns, with `live` cameras drawn as they run: {cameras: [{main, sub}], fault(camera, name), stop()}. */
export async function startSim(cameras, host, live = 0) {
  const args = ['--cameras', String(cameras), '--live', String(live), '--mix', 'plain', '--scene', 'test', '--port', '0', '--http-port', '0', '--bind', host];
  const child = spawn(join(root, 'build/sim/vonglau-sim'), [...args, '--cache', SCENES], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ready = JSON.parse(await firstLine(child, createInterface({ input: child.stdout })));
  return {
    cameras: ready.cameras,
    async fault(camera, name) {
      const answer = await fetch(`http://${host}:${ready.http_port}/fault?camera=${camera}&fault=${name}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`the simulator does not play ${name}: ${await answer.text()}`);
    },
    stop: () => ended(child, () => child.kill('SIGTERM')),
  };
}

/** An ONVIF device on `host` with the streams of a camera, which can be found and moved: {password, steps: what it was told, stop()}. */
export async function startDevice(host, { main, sub }) {
  const child = spawn(join(root, 'build/tests/integration/onvif-device'), [host, main, sub], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  await firstLine(child, lines); // its address
  const steps = [];
  lines.on('line', (line) => steps.push(line));
  return { password: 'p@ss:w/rd#1', steps, stop: () => ended(child, () => child.stdin.end()) };
}

/** What the program says first; an error when it ends without a word. */
async function firstLine(child, lines) {
  const gone = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${child.spawnfile} ended with ${signal ?? code} before it was ready`);
  });
  const [line] = await Promise.race([once(lines, 'line'), gone]);
  gone.catch(() => {}); // its later end is no error
  return line;
}

function ended(child, end) {
  const gone = once(child, 'exit');
  end();
  return gone;
}

/** Chromium; a page of it that fails on errors of the page itself. */
export async function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });
}

export async function openPage(browser, screen) {
  const context = await browser.newContext({ ...screen, locale: 'vi-VN', acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) {
      page.problems.push(message.text());
    }
  });
  return page;
}

export async function signIn(page, url, name, password) {
  await page.goto(url);
  await page.getByTestId('signin-name').fill(name);
  await page.getByTestId('signin-password').fill(password);
  await page.getByTestId('signin-submit').click();
  await page.getByTestId('nav-live').click().catch(async (error) => {
    throw new Error(`${name} is not signed in; the page says: ${await page.locator('body').innerText()}`, { cause: error });
  });
  await page.getByTestId('grid').waitFor();
}
