import { expect, test } from 'vitest';
import { sightText } from './sight';

test('what a picture is good for is told, the best first', () => {
  expect(sightText({ sight: { identify: 5.7, recognise: 11.4, observe: 22.8, detect: 56.9 } })).toMatch(/5,7 m.*11,4 m.*22,8 m.*56,9 m/);
});

test('what it is good for nowhere is left out, and nothing is said where nothing is known', () => {
  const text = sightText({ sight: { identify: 0, recognise: 0, observe: 4, detect: 20 } });
  expect(text).toMatch(/4 m.*20 m/);
  expect(text).not.toMatch(/ 0 m/);
  expect(sightText({ sight: { identify: 0, recognise: 0, observe: 0, detect: 0 } })).toBe('');
  expect(sightText({})).toBe('');
  expect(sightText(undefined)).toBe('');
});
