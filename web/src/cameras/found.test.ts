import { describe, expect, it } from 'vitest';
import type { Camera } from '../api/types';
import { camerasAt, channelName, hostOf, subnetFault } from './found';

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

  it('are looked for in a subnet that is one, and not too large', () => {
    expect(['', ' 192.168.1.0/24 ', '10.0.16.0/20', '10.0.0.7/32'].map(subnetFault)).toEqual(['', '', '', '']);
    expect(['192.168.1.0', '192.168.1/24', '300.1.1.0/24', '10.0.0.0/33'].map(subnetFault)).toEqual(Array(4).fill('subnetUnclear'));
    expect(subnetFault('10.0.0.0/19')).toBe('subnetLarge');
  });
});
