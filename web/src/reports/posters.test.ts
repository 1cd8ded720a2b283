import { expect, test } from 'vitest';
import { appAddress, codeUrl, isPrivate } from './posters';

test('an address is taken as people paste it, and nothing that is none', () => {
  expect(appAddress(' https://camera.example.vn/ ')).toBe('https://camera.example.vn');
  expect(appAddress('http://10.0.0.2:8443/live?x=1#y')).toBe('http://10.0.0.2:8443/live');
  for (const bad of ['', 'camera.example.vn', 'javascript:alert(1)', 'ftp://x']) expect(appAddress(bad)).toBe('');
});

test('an address of the local network is told, before a hundred posters are printed', () => {
  for (const one of ['http://localhost:8080', 'https://192.168.1.5', 'https://172.20.0.1', 'https://vonglau', 'https://vonglau.local', 'https://[fd00::1]']) expect(isPrivate(one)).toBe(true);
  for (const one of ['https://camera.example.vn', 'https://172.32.0.1', 'https://203.0.113.9:8443']) expect(isPrivate(one)).toBe(false);
});

test('the code is that of one location at that address', () => {
  expect(codeUrl('l1', 'https://x.vn')).toBe('/api/v1/locations/l1/poster.svg?app=https%3A%2F%2Fx.vn');
});
