import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { spokenDay } from './spoken';

test('the page says the words of the server', () => {
  const source = readFileSync(new URL('../../../src/base/spoken.c', import.meta.url), 'utf8');
  const words = [...source.matchAll(/"(\p{L}+)"/gu)].map((match) => match[1]);
  expect(words).toHaveLength(256);
  const hex = (from: number) => Array.from({ length: 32 }, (_, i) => ((from + i) % 256).toString(16).padStart(2, '0')).join('');
  for (let from = 0; from < 256; from += 10) expect(spokenDay(hex(from)).split(' ')).toEqual(Array.from({ length: 10 }, (_, i) => words[(from + i) % 256]));
});
