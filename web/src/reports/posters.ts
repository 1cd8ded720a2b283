// Posters: where their codes lead, and whether a phone in the street can get there.

import { apiUrl } from '../api/client';

/** An address as the server takes it: what stands before /bao-tin; '' when it is none. */
export function appAddress(text: string): string {
  try {
    const { protocol, host, pathname } = new URL(text.trim());
    const path = pathname.replace(/\/+$/, '');
    return (protocol === 'https:' || protocol === 'http:') && host ? `${protocol}//${host}${path}` : '';
  } catch {
    return '';
  }
}

/** Only from within the commune's own network. */
export function isPrivate(address: string): boolean {
  const { hostname } = new URL(address);
  return /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[(::1|f[cde]))/.test(hostname) || /\.(local|lan|internal|home\.arpa)$/.test(hostname) || !/[.:]/.test(hostname);
}

/** The page for residents. */
export const FORM_PATH = '/bao-tin';

export function codeUrl(location: string, address: string): string {
  return apiUrl(`/locations/${location}/poster.svg`, { app: address });
}
