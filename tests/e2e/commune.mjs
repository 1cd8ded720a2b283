// commune.mjs — one simulated commune and one browser for all tests of a file, and its people, each on a page of their own.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { startBrowser, startDemo } from './demo.mjs';
import { inPage } from './in-page.mjs';

/** the smallest and oldest phone that the pages without an account are for */
export const OLD_PHONE = { viewport: { width: 320, height: 568 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Runs from before the first test of the file to after its last; `of.demo` and `of.browser` are there in tests. */
export function commune(cameras, more = ['--scene', 'test']) {
  const of = { demo: null, browser: null };
  before(async () => {
    of.demo = await startDemo(cameras, more);
    of.browser = await startBrowser();
  });
  after(async () => {
    await of.browser?.close();
    await of.demo?.stop();
  });
  const at = (path) => new URL(path, of.demo.url).href;
  const ask = async (page, path) => (await page.request.get(at(`api/v1/${path}`))).json();
  return Object.assign(of, {
    at,
    ask,
    /** `body` gets the page, a tap that is counted, and the count. Nobody is signed in where `account` is null. */
    withPage: (screen, account, body) => inPage(of.browser, of.demo, screen, account, body),
    list: async (page, path) => (await ask(page, path)).items,
    send: async (page, path, data, status = 201) => {
      const response = await page.request.post(at(`api/v1/${path}`), { data });
      assert.equal(response.status(), status, await response.text());
      return response.json();
    },
  });
}
