import { expect, test } from 'vitest';
import { codeOfHash, enrolText, foldCode, hexOf, proofText, proofWaitMs, spacedCode } from './proof';

test('a code is read from what was typed and from the link of a QR code', () => {
  expect(foldCode(' abcd-2345 ')).toBe('ABCD2345');
  expect(codeOfHash('#enrol=ABCD2345')).toBe('ABCD2345');
  expect(codeOfHash('#other=ABCD2345')).toBe('');
  expect(codeOfHash('#enrol=<script>')).toBe('');
  expect(spacedCode('ABCD2345')).toBe('ABCD 2345');
});

test('what is signed is what the server checks', () => {
  expect(enrolText('abcd 2345')).toBe('vonglau enrol\nABCD2345');
  expect(proofText('id', 'challenge')).toBe('vonglau proof\nid\nchallenge');
});

test('a phone proves itself two minutes before it has to, at once when that is past', () => {
  const now = '2026-11-29T08:00:00.000Z';
  expect(proofWaitMs('2026-11-29T08:10:00.000Z', now)).toBe(8 * 60_000);
  expect(proofWaitMs('2026-11-29T08:01:00.000Z', now)).toBe(0);
  expect(proofWaitMs('2026-11-29T07:59:00.000Z', now)).toBe(0);
});

test('keys and signatures of the browser have the sizes that the server takes', async () => {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, keys.privateKey, new TextEncoder().encode('x'));
  expect(hexOf(await crypto.subtle.exportKey('raw', keys.publicKey))).toMatch(/^04[0-9a-f]{128}$/);
  expect(hexOf(signature)).toHaveLength(128);
  await expect(crypto.subtle.exportKey('pkcs8', keys.privateKey)).rejects.toThrow();
});
