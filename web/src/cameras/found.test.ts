import { describe, expect, it } from 'vitest';
import type { Camera } from '../api/types';
import { camerasAt, channelName, hostOf } from './found';

const camera = (name: string, url: string, onvif: string | null = null) => ({ name, url, onvif }) as Camera;

describe('devices on the network', () => {
  it('are known by their host, with or without credentials, port and brackets', () => {
    expect(hostOf('rtsp://a:b@10.0.0.7:554/x')).toBe('10.0.0.7');
    expect(hostOf('http://[FE80::1]:80/onvif')).toBe('[fe80::1]');
    expect(hostOf(null)).toBe('');
  });

  it('are there already when a camera has their host', () => {
    const all = [camera('a', 'rtsp://10.0.0.7/main'), camera('b', 'rtsp://nvr/1', 'http://10.0.0.8/onvif')];
    expect(camerasAt('10.0.0.8', all).map(({ name }) => name)).toEqual(['b']);
    expect(camerasAt('10.0.0.9', all)).toEqual([]);
  });

  it('give their channels names that nobody has yet', () => {
    expect(channelName('Cổng', 1, 1, [])).toBe('Cổng');
    expect(channelName('Cổng', 3, 16, [])).toBe('Cổng 3');
    expect(channelName('Cổng', 1, 1, [camera('cổng', ''), camera('Cổng (2)', '')])).toBe('Cổng (3)');
  });
});
