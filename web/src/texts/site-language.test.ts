import { afterEach, expect, test, vi } from 'vitest';
import { siteLanguage } from './site-language';

afterEach(() => vi.unstubAllGlobals());

const says = (status: number, body: string) => vi.stubGlobal('fetch', async () => new Response(body, { status }));

test('a server that is ill greets in the language of its site too', async () => {
  says(200, '{"status":"ok","language":"en"}');
  expect(await siteLanguage()).toBe('en');
  says(503, '{"status":"failing","problem":"the disk of the footage is full","language":"en"}');
  expect(await siteLanguage()).toBe('en');
});

test('without an answer nobody is greeted anew', async () => {
  says(502, '<html>');
  expect(await siteLanguage()).toBeUndefined();
  says(503, '{"status":503,"title":"Service Unavailable"}');
  expect(await siteLanguage()).toBeUndefined();
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('network')));
  expect(await siteLanguage()).toBeUndefined();
});
