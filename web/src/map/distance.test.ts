import { expect, test } from 'vitest';
import '../texts/for-tests';
import { distanceText } from './distance';

test('a distance is told as exactly as it is of use', () => {
  expect([4.4, 43, 354, 996, 1234, 12_345].map((metres) => distanceText(metres, 'vi'))).toEqual(['4 m', '45 m', '350 m', '1 km', '1,2 km', '12 km']);
  expect(distanceText(1234, 'en')).toBe('1.2 km');
});
