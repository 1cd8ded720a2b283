// Numbers and texts out of bytes that come from anyone. What does not fit a whole number of JavaScript exactly
// (2^53: 9 petabytes, the year 2255 in microseconds) is NaN, which no comparison lets through.

export type Bytes = Uint8Array<ArrayBuffer>;

const exact = (value: number) => (Number.isSafeInteger(value) ? value : NaN);

export const u16le = (from: Uint8Array, at: number): number => from[at]! | (from[at + 1]! << 8);
export const u32le = (from: Uint8Array, at: number): number => (u16le(from, at) | (u16le(from, at + 2) << 16)) >>> 0;
export const u64le = (from: Uint8Array, at: number): number => exact(u32le(from, at + 4) * 2 ** 32 + u32le(from, at));

export const u32be = (from: Uint8Array, at: number): number => ((from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!) >>> 0;
export const u64be = (from: Uint8Array, at: number): number => exact(u32be(from, at) * 2 ** 32 + u32be(from, at + 4));

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A byte each character, whatever it is: what is no ASCII is refused by who reads the text. */
const latin = new TextDecoder('latin1');
export const textOf = (bytes: Uint8Array): string => latin.decode(bytes);

/** Of ASCII. */
export function bytesOf(text: string): Bytes {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Base64 as it is written in one way only (RFC 4648 §3.5); null: it is not. */
export function fromBase64(text: string): Bytes | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  const decoded = atob(text);
  return btoa(decoded) === text ? bytesOf(decoded) : null;
}

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte + 256).toString(16).slice(1);
  return text;
}

export function fromHex(text: string): Bytes {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
