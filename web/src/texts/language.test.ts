import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('./en');
  vi.resetModules();
});

/** The app's texts as a page has them that has just been opened. */
async function opened() {
  vi.resetModules();
  return import('./texts.svelte');
}

test('another language than Vietnamese is spoken as soon as its texts are there', async () => {
  const { t, texts } = await opened();
  expect(t('action.cancel')).toBe('Hủy');
  await texts.use('en');
  expect(t('action.cancel')).toBe('Cancel');
});

test('the app goes on in the language that it has while another cannot be had', async () => {
  vi.doMock('./en', () => {
    throw new TypeError('Failed to fetch dynamically imported module');
  });
  const { t, texts } = await opened();
  await texts.use('en');
  expect(texts.language).toBe('vi');
  expect(t('action.cancel')).toBe('Hủy');
});

test('what was chosen last is spoken, whichever texts come first', async () => {
  const { texts } = await opened();
  const slow = texts.use('en');
  await texts.use('vi');
  await slow;
  expect(texts.language).toBe('vi');
});
