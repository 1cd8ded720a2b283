import { expect, test } from 'vitest';
import { daysLeft, sortPem } from './pem';

const cert = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
const key = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----\nk\n-----END ${kind}PRIVATE KEY-----`;

test('certificates and key are told apart, whatever file they come in', () => {
  const { chain, key: found } = sortPem([`words\n${cert('a')}\r\n${key('EC ')}`, cert('b')]);
  expect(chain).toBe(`${cert('a')}\n${cert('b')}\n`);
  expect(found).toBe(`${key('EC ')}\n`);
});

test('a locked key is still a key, and a request is neither', () => {
  expect(sortPem([key('ENCRYPTED ')]).key).not.toBe('');
  expect(sortPem([cert('a').replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST')])).toEqual({ chain: '', key: '' });
});

test('a block that does not end is none', () => {
  expect(sortPem(['-----BEGIN CERTIFICATE-----\nabc']).chain).toBe('');
});

test('days are whole, and negative once it is over', () => {
  const now = Date.parse('2026-11-29T12:00:00Z');
  expect(daysLeft('2026-12-29T11:00:00Z', now)).toBe(29);
  expect(daysLeft('2026-11-29T11:00:00Z', now)).toBe(-1);
});
