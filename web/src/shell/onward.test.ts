import { beforeEach, expect, test, vi } from 'vitest';

const page = vi.hoisted(() => {
  const at = { pathname: '/cases', search: '' };
  const move = (_: unknown, __: string, to: string) => void (at.pathname = to);
  Object.assign(globalThis, { location: at, history: { state: null, pushState: move, replaceState: move }, addEventListener: () => {} });
  return at;
});
vi.mock('./notices.svelte', () => ({ notices: { say: vi.fn() } }));

import { notices } from './notices.svelte';
import { onward } from './onward';
import { route } from './route.svelte';

beforeEach(() => {
  vi.mocked(notices.say).mockClear();
  route.go('/cases');
});

test('whoever waited for the answer is led on', () => {
  const lead = onward();
  lead('/cases/7', { said: 'opened' });
  expect(page.pathname).toBe('/cases/7');
  expect(notices.say).toHaveBeenCalledWith('opened');
});

test('whoever went elsewhere stays, and gets a button that leads to what came late', () => {
  const lead = onward();
  route.go('/live/3');
  lead('/cases/7', { said: 'opened' });
  expect(page.pathname).toBe('/live/3');
  const [text, options] = vi.mocked(notices.say).mock.calls[0]!;
  expect(text).toBe('opened');
  options!.action!.run();
  expect(page.pathname).toBe('/cases/7');
});

test('what leads back only, such as a form that was saved, moves nobody who is gone already', () => {
  const lead = onward();
  route.go('/map');
  lead('/cameras');
  expect(page.pathname).toBe('/map');
  expect(notices.say).not.toHaveBeenCalled();
});
