import { expect, test } from 'vitest';
import { deviceText } from './device-text';

test('a device is called by its system and browser', () => {
  const phone = 'Mozilla/5.0 (Linux; Android 13; SM-A045F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36';
  expect(deviceText(phone)).toBe('Android · Chrome');
  expect(deviceText('curl/8.1')).toBe('curl/8.1');
  expect(deviceText(null)).toBe('');
});
