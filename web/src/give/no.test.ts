import { afterEach, expect, test, vi } from 'vitest';
import { appIsUsedHere, forgetNo, keepNo, keepsNothing, saidNo } from './no';

const link = { id: '9d1c1f1e-0000-4000-8000-000000000001', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };
const other = { id: '9d1c1f1e-0000-4000-8000-000000000002', secret: 'AAAAAAAAAAAAAAAAAAAAAA' };

/** A phone that keeps things; what it keeps are members of it, as of the real one. */
function storage(standalone = false): Record<string, string> {
  const kept: Record<string, string> = Object.create({
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => void (kept[key] = value),
    removeItem: (key: string) => void delete kept[key],
  });
  vi.stubGlobal('localStorage', kept);
  vi.stubGlobal('matchMedia', () => ({ matches: standalone }));
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
  expect(Object.keys(kept)).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain(link.secret);
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

test('an officer\'s phone keeps no family\'s no, and one that becomes an officer\'s forgets it', () => {
  const kept = storage();
  kept['vonglau.language'] = 'vi';
  keepNo(link);
  keepNo(other);
  appIsUsedHere();
  expect(saidNo(link) || saidNo(other)).toBe(false);
  expect(kept['vonglau.language']).toBe('vi');
  keepNo(link);
  expect(saidNo(link)).toBe(false);
  expect(keepsNothing()).toBe(true);
});

test('nor does the installed app, whoever uses it', () => {
  storage(true);
  keepNo(link);
  expect(saidNo(link)).toBe(false);
});
