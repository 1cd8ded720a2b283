// in-page.mjs — one test on a page of its own, which must end without a problem; and ways through the app that many go.
import assert from 'node:assert/strict';
import { openPage, signIn } from './demo.mjs';

/** Signs `account` in (null: nobody) on a page as wide as `screen`, and hands it to `body`, with a tap that is counted, and the count. */
export async function inPage(browser, demo, screen, account, body) {
  const page = await openPage(browser, screen);
  let taps = 0;
  const tap = async (target) => {
    taps += 1;
    await (typeof target === 'string' ? page.getByTestId(target) : target).click();
  };
  try {
    if (account) await signIn(page, demo.url, account, demo.accounts[account]);
    else await page.goto(demo.url);
    await body(page, tap, () => taps);
    assert.deepEqual(page.problems, []);
  } catch (error) {
    if (process.env.VONGLAU_E2E_PICTURES) await page.screenshot({ path: `${process.env.VONGLAU_E2E_PICTURES}/failed.png` }).catch(() => {});
    throw error;
  } finally {
    await page.context().close();
  }
}

/** To the list of cameras: on a desk a place of the bar, on a phone one of the registers under settings. */
export async function toCameras(page) {
  if (page.viewportSize().width >= 800) return page.getByTestId('nav-cameras').click();
  await page.getByTestId('nav-settings').click();
  await page.getByTestId('cameras-open').click();
}
