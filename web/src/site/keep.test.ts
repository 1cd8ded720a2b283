import { expect, test } from 'vitest';
import type { RetentionEffect } from '../api/types';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { bytesOf, gigabytes, haveText, keepFault, keepsText } from './keep';

texts.language = 'en';
const GB = 2 ** 30;
const effect: RetentionEffect = { footage_bytes: 200 * GB, oldest: '2026-11-01T00:00:00.000Z', day_bytes: 10 * GB, deletes_bytes: 0, held_bytes: 0, rule_days: 30, room_days: 40, free_bytes: 500 * GB, total_bytes: 1000 * GB };

test('the rule is told while the disks have room for it', () => {
  expect(keepsText(effect)).toContain('30 days');
});

test('disks that are full before are told with how many days they hold', () => {
  expect(keepsText({ ...effect, room_days: 23 })).toContain('about 23 days at the present rate');
});

test('disks that are full within a day are told so', () => {
  expect(keepsText({ ...effect, room_days: 0 })).toContain('not even one day');
});

test('nothing recorded of late says nothing about a day', () => {
  expect(haveText({ ...effect, day_bytes: 0, room_days: null })).not.toContain('a day');
  expect(haveText(effect)).toContain('10 GB');
});

test('sizes come back as they were typed', () => {
  for (const gb of [1, 1.5, 250, 0.01]) expect(gigabytes(bytesOf(gb))).toBe(gb);
  expect(bytesOf(null)).toBe(0);
  expect(gigabytes(0)).toBe(null);
});

test('days outside 1 to 3650 and less than a gigabyte are faults', () => {
  expect([0, 3651, 1.5, -1].map((days) => keepFault(days, null, true))).toEqual(['days', 'days', 'days', 'days']);
  expect(keepFault(null, null, true)).toBe('days');
  expect(keepFault(null, null, false)).toBe('');
  expect(keepFault(30, 0.5, true)).toBe('bytes');
  expect(keepFault(30, 1, true)).toBe('');
});
