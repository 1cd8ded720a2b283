import { expect, test } from 'vitest';
import type { Household } from '../api/types';
import { byVillage, headingOf, nearAddress, nearOf } from './households';

const household = (id: string, village: string, revoked = false): Household => ({
  id,
  village,
  added_at: '2026-11-20T08:00:00.000Z',
  consent: { level: 0, pin_at: '2026-11-20T08:00:00.000Z' },
  ...(revoked ? { revoked_at: '2026-11-21T08:00:00.000Z' } : { place: { lat: 21, lon: 103 } }),
});

test('a place in the address comes back as it was', () => {
  const near = { at: { latitude: 21.45, longitude: 103.15 }, radius: 300 };
  expect(nearOf(new URL(nearAddress(near), 'https://vms.example').searchParams)).toEqual(near);
});

test('an address without a place, or with nonsense, shows all', () => {
  for (const query of ['', 'near=', 'near=x,y', 'near=91,0', 'near=21']) expect(nearOf(new URLSearchParams(query))).toBeNull();
  expect(nearOf(new URLSearchParams('near=21,103&radius=7'))?.radius).toBe(150);
});

test('villages come in the order of their names, without households that were taken out', () => {
  const groups = byVillage([household('a', 'Thẩm Phẩy'), household('b', 'Che Căn'), household('c', 'Che Căn', true), household('d', 'Che Căn')]);
  expect(groups.map(({ village, households }) => [village, households.map(({ id }) => id)])).toEqual([
    ['Che Căn', ['b', 'd']],
    ['Thẩm Phẩy', ['a']],
  ]);
});

test('a direction is told as one of eight', () => {
  expect([0, 20, 23, 350, 180, 338].map(headingOf)).toEqual([0, 0, 45, 0, 180, 0]);
});
