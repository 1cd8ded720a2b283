import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyDraft, keepDraft } from './draft';
import { Shown, shownDocument } from './for-tests';

const store = vi.hoisted(() => {
  const kept = new Map<string, string>();
  const made = { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, text: string) => void kept.set(name, text), removeItem: (name: string) => void kept.delete(name) };
  Object.assign(globalThis, { sessionStorage: made, location: { search: '', pathname: '/bao-tin', hash: '' } });
  return made;
});
/** The line says what the test says, when it says it. */
const line = vi.hoisted(() => ({ fail: (_: unknown) => {} }));
vi.mock('./send', async (real) => ({
  ...(await real<object>()),
  Sending: class {
    followed = null;
    constructor(_: unknown, readonly files: Blob[]) {}
    go = () => new Promise((_, reject) => (line.fail = reject));
  },
}));

import { Form } from './form';

beforeEach(() => {
  vi.stubGlobal('document', shownDocument);
  vi.stubGlobal('HTMLImageElement', class {});
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('window', { scrollTo: () => {} });
});
afterEach(() => vi.unstubAllGlobals());

test('a report that is on its way stays in sight, and so does what went wrong, whatever draws the form anew', async () => {
  keepDraft({ ...emptyDraft('k'), kind: 'traffic-accident', word: 'just-now', where: 'cổng chợ', text: 'xe máy va nhau' }, store);
  const main = new Shown('main');
  const form = new Form(main as unknown as HTMLElement);
  form.show();
  main.find('form-next')!.hear('click');
  main.find('form-send')!.hear('click');
  expect(main.find('form-send')).toBe(undefined);
  form.show(); // another language, or the back button
  form.learned();
  expect(main.find('form-next') ?? main.find('form-send')).toBe(undefined);

  line.fail(new Error());
  await vi.waitFor(() => expect(main.find('form-again')).toBeDefined());
  form.show();
  expect(main.find('form-again')).toBeDefined();
  main.find('form-change')!.hear('click');
  expect(main.find('form-send')).toBeDefined();
});
