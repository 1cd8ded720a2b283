import { afterEach, expect, test, vi } from 'vitest';
import { forgetNo, keepNo, saidNo } from './no';

const link = { id: '9d1c1f1e-0000-4000-8000-000000000001', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };
const other = { id: '9d1c1f1e-0000-4000-8000-000000000002', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };

function storage() {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  return kept;
}

afterEach(() => vi.unstubAllGlobals());

test('a no is remembered by the phone, for that request alone, under a new link too', () => {
  storage();
  keepNo(link);
  expect(saidNo({ ...link, secret: 'BBBBBBBBBBBBBBBBBBBBBB' })).toBe(true);
  expect(saidNo(other)).toBe(false);
});

test('the secret of the link is not kept with it', () => {
  const kept = storage();
  keepNo(link);
  expect(JSON.stringify([...kept])).not.toContain(link.secret);
});

test('whoever sends something after all has not said no', () => {
  storage();
  keepNo(link);
  forgetNo(link);
  expect(saidNo(link)).toBe(false);
});

test('a phone that keeps nothing still shows the page', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('denied');
    },
    setItem: () => {
      throw new Error('denied');
    },
    removeItem: () => {
      throw new Error('denied');
    },
  });
  keepNo(link);
  forgetNo(link);
  expect(saidNo(link)).toBe(false);
});
