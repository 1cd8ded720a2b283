// strip.mjs — the number that the simulator draws at the foot of each picture (sim/README.md).
import assert from 'node:assert/strict';

/** Runs in the page: reads it from a canvas or a video. Null when it cannot be read. */
export function readStrip(element) {
  const width = element.videoWidth ?? element.width;
  const height = element.videoHeight ?? element.height;
  if (!width || !height) return null;
  const copy = new OffscreenCanvas(width, 1).getContext('2d', { willReadFrequently: true });
  const y = Math.round(height - height / 48);
  copy.drawImage(element, 0, y, width, 1, 0, 0, width, 1);
  const { data } = copy.getImageData(0, 0, width, 1);
  const light = Array.from({ length: 40 }, (_, i) => {
    const at = Math.floor(((i + 0.5) * width) / 40) * 4;
    return data[at] * 0.3 + data[at + 1] * 0.59 + data[at + 2] * 0.11;
  });
  const middle = (light[0] + light[1]) / 2;
  if (light[0] - light[1] < 40 || light[38] > middle || light[39] < middle) return null;
  const bits = light.map((value) => (value > middle ? 1 : 0));
  const number = bits.slice(2, 34).reduce((sum, bit) => sum * 2 + bit, 0);
  let check = 0;
  for (let nibble = 0; nibble < 8; nibble++) check ^= Math.floor(number / 16 ** nibble) % 16;
  return check === bits.slice(34, 38).reduce((sum, bit) => sum * 2 + bit, 0) ? number : null;
}

/** The number that the simulator drew into the picture on the page's canvas; null while it cannot be read. */
const numberOn = (page) => page.getByTestId('player-canvas').evaluate(readStrip);

/** The next number that is another one; the simulator begins anew after 119. */
export async function pictureAfter(page, number) {
  for (const end = Date.now() + 15_000; Date.now() < end; ) {
    const seen = await numberOn(page);
    if (seen !== null && seen !== number) return seen;
    await page.waitForTimeout(50);
  }
  return assert.fail(`no picture but number ${number}`);
}

/** How old each picture of a camera that is drawn as it runs was when the canvas showed it, ms, the youngest first: those of `span_ms`, or the first `most`. */
export function agesShown(page, span_ms, most = Number.MAX_SAFE_INTEGER) {
  return page.evaluate(
    async ([source, span, count]) => {
      const read = new Function(`return ${source}`)();
      const canvas = document.querySelector('[data-testid=player-canvas]');
      const seen = [];
      let last = null;
      const end = performance.now() + span;
      while (performance.now() < end && seen.length < count) {
        await new Promise((done) => requestAnimationFrame(done));
        const now = Date.now();
        const number = read(canvas);
        if (number === null || number === last) continue;
        last = number;
        seen.push((now % 2 ** 32) - number);
      }
      return seen.sort((a, b) => a - b);
    },
    [readStrip.toString(), span_ms, most],
  );
}
