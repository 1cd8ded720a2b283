// Sums and signatures. The page has its own, for browsers that hide WebCrypto from pages opened from a disk; where it
// is there it hashes footage, which it does many times faster.

import { hashes, verify } from '@noble/ed25519';
import { sha256 as sha256Of, sha512 } from '@noble/hashes/sha2.js';
import { hexOf, type Bytes } from './bytes';

hashes.sha512 = sha512;

/** In hex. */
export const sha256 = (data: Uint8Array): string => hexOf(sha256Of(data));

/** SHA-256 of data that comes in pieces. */
export class Sha256 {
  private readonly running = sha256Of.create();

  add(data: Uint8Array): void {
    this.running.update(data);
  }

  /** In hex. */
  end(): string {
    return hexOf(this.running.digest());
  }
}

const subtle = (): SubtleCrypto | undefined => globalThis.crypto?.subtle;

export const hasFastSha256 = (): boolean => subtle() !== undefined;

/** In hex, by WebCrypto if there is one. */
export async function sha256Fast(data: Bytes): Promise<string> {
  const digest = await subtle()?.digest('SHA-256', data);
  return digest ? hexOf(new Uint8Array(digest)) : sha256(data);
}

/** Ed25519 by the strict rules of RFC 8032, as libsodium checks it. */
export function signatureHolds(key: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return key.length === 32 && signature.length === 64 && verify(signature, data, key, { zip215: false });
  } catch {
    return false; // no point on the curve
  }
}

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  table[byte] = value;
}

/** CRC-32 of more bytes; begin with 0. */
export function crc32(crc: number, data: Uint8Array): number {
  let value = ~crc;
  for (let i = 0; i < data.length; i++) value = (value >>> 8) ^ table[(value ^ data[i]!) & 0xff]!;
  return ~value >>> 0;
}
