import { expect, test } from 'vitest';
import { findZones, timeIn, zoneNames } from './zones';

const names = zoneNames();

test('the zone of Vietnam goes by the name that the server knows', () => {
  expect(names).toContain('Asia/Ho_Chi_Minh');
  expect(names).not.toContain('Asia/Saigon');
});

test('a zone is found by a city or a country, with or without marks', () => {
  expect(findZones('hà nội', names)[0]).toBe('Asia/Ho_Chi_Minh');
  expect(findZones('viet nam', names)[0]).toBe('Asia/Ho_Chi_Minh');
  expect(findZones('ho chi', names)[0]).toBe('Asia/Ho_Chi_Minh');
  expect(findZones('berlin', names)).toEqual(['Europe/Berlin']);
  expect(findZones('atlantis', names)).toEqual([]);
});

test('nothing typed shows the zones around first, and never all', () => {
  expect(findZones('', names)).toHaveLength(6);
  expect(findZones('', names)).toContain('Asia/Ho_Chi_Minh');
});

test('the time of a zone is told, and nothing of one that is not known', () => {
  expect(timeIn('Asia/Ho_Chi_Minh', Date.parse('2026-11-29T11:40:00Z'))).toBe('18:40');
  expect(timeIn('Mars/Base', 0)).toBe('');
});
