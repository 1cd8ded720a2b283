import { expect, test } from 'vitest';
import { addressFault } from './address';

test('addresses as cameras have them are taken', () => {
  for (const address of [
    'rtsp://192.168.1.64/Streaming/Channels/101',
    ' rtsp://192.168.1.64:8554 ',
    'RTSP://camera.local/live?channel=1&subtype=0',
    'rtsps://[fe80::1]:322/main',
    'rtspx://192.168.1.1:7441/abc?enableSrtp',
    'rtsp://admin:p@ss/word@10.0.0.5/main',
  ]) {
    expect(addressFault(address), address).toBe('');
  }
});

test('what is no address is told apart', () => {
  expect(addressFault('  ')).toBe('empty');
  expect(addressFault('192.168.1.64')).toBe('scheme');
  expect(addressFault('http://192.168.1.64/')).toBe('scheme');
  expect(addressFault('rtsp://')).toBe('host');
  expect(addressFault('rtsp://192.168.1.64:port/')).toBe('host');
});
