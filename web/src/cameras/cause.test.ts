import { expect, test } from 'vitest';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { asSentence, causeText } from './cause';

test('what the server says in half a line becomes a sentence', () => {
  expect(asSentence('the camera closed the connection')).toBe('The camera closed the connection.');
  expect(asSentence('nothing answers at 10.0.0.7.')).toBe('Nothing answers at 10.0.0.7.');
  expect(asSentence('')).toBe('');
});

test('a cause is told in the language of the app', () => {
  const stream = { cause: 'nothing answers at 10.0.0.7', cause_code: 'unreachable' } as Parameters<typeof causeText>[0];
  texts.language = 'vi';
  expect(causeText(stream)).not.toContain('nothing answers');
  texts.language = 'en';
  expect(causeText(stream)).toBe('Nothing answers at 10.0.0.7.');
});
