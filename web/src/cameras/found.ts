// What of the devices that answered on the network is there already, and how a channel is called.

import type { Camera } from '../api/types';

/** The host of an address, in lower case; '' when it is none. */
export function hostOf(address: string | null): string {
  const match = /^[a-z]+:\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^/:?#]+)/i.exec(address ?? '');
  return match ? match[1]!.toLowerCase() : '';
}

export function camerasAt(host: string, cameras: readonly Camera[]): Camera[] {
  const wanted = host.toLowerCase();
  return cameras.filter(({ url, onvif }) => hostOf(url) === wanted || hostOf(onvif) === wanted);
}

/** A name that no camera has yet: the device's, with the channel's number behind where it has several. */
export function channelName(device: string, channel: number, channels: number, cameras: readonly Camera[]): string {
  const base = (channels > 1 ? `${device} ${channel}` : device).slice(0, 76).trim();
  const taken = new Set(cameras.map(({ name }) => name.toLowerCase()));
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base} (${number})`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

const SMALLEST_PREFIX = 20;

/** What is wrong with a subnet (IPv4, CIDR; nothing is the own network): 'subnetUnclear', 'subnetLarge' or ''. */
export function subnetFault(text: string): '' | 'subnetUnclear' | 'subnetLarge' {
  if (!text.trim()) return '';
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text.trim());
  const numbers = match ? match.slice(1).map(Number) : [];
  if (!match || numbers.slice(0, 4).some((byte) => byte > 255) || numbers[4]! > 32) return 'subnetUnclear';
  return numbers[4]! < SMALLEST_PREFIX ? 'subnetLarge' : '';
}
