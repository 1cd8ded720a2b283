import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { askFiles, Files } from './file-field';
import { Shown, shownDocument } from './for-tests';
import { say } from './words';

/** Pictures are ready when the test says so. */
const phone = vi.hoisted(() => ({ ready: (_picture: Blob | null) => {} }));
vi.mock('./pictures', async (real) => ({ ...(await real<object>()), prepared: () => new Promise((resolve) => (phone.ready = resolve)) }));

beforeEach(() => {
  vi.stubGlobal('document', shownDocument);
  vi.stubGlobal('HTMLImageElement', class {});
});
afterEach(() => vi.unstubAllGlobals());

const picture = () => new File(['x'], 'a.jpg', { type: 'image/jpeg' });

/** The step of the form with its pictures, as it is shown now. */
function shown(files: Files): { send: Shown; count: () => number } {
  const send = new Shown('button');
  const page = new Shown('main');
  for (const one of askFiles(files, send as unknown as HTMLButtonElement)) page.appendChild(one as unknown as Shown);
  return { send, count: () => page.find('form-files')!.children.length };
}

test('the report is not sent without a picture that is still being prepared, and the button says so', async () => {
  const files = new Files();
  const { send, count } = shown(files);
  expect([send.disabled, send.textContent]).toEqual([false, say('form.send')]);
  const added = files.add([picture()]);
  expect([send.disabled, send.textContent]).toEqual([true, say('form.file.preparing')]);
  phone.ready(picture());
  await added;
  expect([send.disabled, send.textContent, count()]).toEqual([false, say('form.send'), 1]);
});

test('who goes a step back meanwhile, and on again, finds it waiting, and the picture there', async () => {
  const files = new Files();
  shown(files);
  const added = files.add([picture()]);
  const { send, count } = shown(files);
  expect([send.disabled, count()]).toEqual([true, 0]);
  phone.ready(picture());
  await added;
  expect([send.disabled, count()]).toEqual([false, 1]);
});
