import { beforeEach, expect, test } from 'vitest';
import { sent, unsent, unsentFor } from './unsent.svelte';

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
