import { beforeEach, expect, test, vi } from 'vitest';
import { holdOfPage } from '../installed/update.svelte';
import { anyUnsent, sent, unsent, unsentFor } from './unsent.svelte';

beforeEach(() => unsentFor(''));

test('what was typed and not sent is there again, at its own place', () => {
  unsentFor('lan');
  unsent('note.1', { text: '' }).text = 'Đã gặp chủ quán';
  expect(unsent('note.1', { text: '' }).text).toBe('Đã gặp chủ quán');
  expect(unsent('note.2', { text: '' }).text).toBe('');
});

test('what was sent begins anew', () => {
  unsent('note.1', { text: '' }).text = 'Đã gặp chủ quán';
  sent('note.1');
  expect(unsent('note.1', { text: '' }).text).toBe('');
});

test('whoever signs in next on the same phone does not read it; the same person does', () => {
  unsentFor('lan');
  unsent('note.1', { text: '' }).text = 'Đã gặp chủ quán';
  unsentFor('lan'); // the session had ended
  expect(unsent('note.1', { text: '' }).text).toBe('Đã gặp chủ quán');
  unsentFor('huy');
  expect(unsent('note.1', { text: '' }).text).toBe('');
});

test('words that were kept as their sheet closed are as much as words on the page: no new version is taken over them', () => {
  vi.stubGlobal('document', { querySelector: () => null, fullscreenElement: null });
  const note = unsent('note.1', { text: '', key: 'k' });
  expect([anyUnsent(), holdOfPage().typed]).toEqual([false, false]);
  note.text = 'Đã gặp chủ quán';
  unsent('note.1', { text: '', key: 'other' }); // opened anew
  expect([anyUnsent(), holdOfPage().typed]).toEqual([true, true]);
  sent('note.1');
  expect(holdOfPage().typed).toBe(false);
  vi.unstubAllGlobals();
});
