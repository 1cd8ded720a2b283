import { describe, expect, it } from 'vitest';
import { deviceWords, hindrance, keyBytes, type Surroundings } from './push';

const fine: Surroundings = { worker: true, push: true, permission: 'default', iphone: false, standalone: false };

describe('whether a device can be told', () => {
  it('says what stands in the way', () => {
    expect(hindrance(fine)).toBe('');
    expect(hindrance({ ...fine, iphone: true, push: false })).toBe('install');
    expect(hindrance({ ...fine, iphone: true, standalone: true })).toBe('');
    expect(hindrance({ ...fine, worker: false })).toBe('insecure');
    expect(hindrance({ ...fine, push: false })).toBe('unable');
    expect(hindrance({ ...fine, permission: 'denied' })).toBe('denied');
  });
});

describe('the server’s key', () => {
  it('is read from base64 for addresses', () => {
    expect([...keyBytes('-_8B')]).toEqual([0xfb, 0xff, 0x01]);
  });
});

describe('what a device calls itself', () => {
  it('is browser and system', () => {
    expect(deviceWords('Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36')).toBe('Chrome, Android');
    expect(deviceWords('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1')).toBe('Safari, iPhone');
    expect(deviceWords('curl')).toBe('');
  });
});
