import { expect, test } from 'vitest';
import { Problem } from '../api/client';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { factorWords } from './words';

texts.language = 'en';

test('wrong codes, wrong passwords and waits are told apart', () => {
  const words = (status: number, code: string, wait = 0) => factorWords(new Problem(status, '', '', code, wait));
  expect(words(401, 'wrong-code')).toMatch(/code is wrong/);
  expect(words(403, 'wrong-code')).toMatch(/code is wrong/);
  expect(words(401, 'wrong-password')).toBe('Name or password is wrong.');
  expect(words(403, 'wrong-password')).toBe('The current password is wrong.');
  expect(words(429, 'locked-out', 30)).toMatch(/30 s/);
  expect(words(404, 'not-found')).toMatch(/anew/);
});

test('what is not about them is left to others', () => {
  expect(factorWords(new Problem(500, '', ''))).toBe('');
  expect(factorWords(new Error('x'))).toBe('');
});
