// The node's public keys, each signed by the one before, and fingerprints as people compare them.

import { hexOf, type Bytes } from './bytes';
import { LineReader } from './line';
import { sha256, signatureHolds } from './sums';

const KEYS_MOST = 4096;
const FINGERPRINT_LEAST_DIGITS = 32;
const NOTHING = '0'.repeat(64);

export interface PublicKey {
  bytes: Bytes;
  /** SHA-256 of the key, in hex */
  fingerprint: string;
  /** its first 16 digits: how lines name it */
  id: string;
}

export function publicKey(bytes: Bytes): PublicKey {
  const fingerprint = sha256(bytes);
  return { bytes, fingerprint, id: fingerprint.slice(0, 16) };
}

/** "ab12 cd34 …" */
export const grouped = (fingerprint: string): string => fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** The bare digits of what somebody typed; null: it is no fingerprint. */
export function fingerprintDigits(typed: string): string | null {
  const digits = typed.replaceAll(/[\s:-]/g, '').toLowerCase();
  return /^[0-9a-f]*$/.test(digits) && digits.length >= FINGERPRINT_LEAST_DIGITS && digits.length <= 64 ? digits : null;
}

export type KeyFault = 'unreadable' | 'follows' | 'signedBefore' | 'signedOwn' | 'noEnd';

export class KeyRing {
  readonly keys: PublicKey[] = [];
  private head = NOTHING;

  /** Adds the key of a line; otherwise what is wrong with it. */
  take(text: string, bytes: Uint8Array): KeyFault | null {
    const reader = new LineReader(text, bytes);
    reader.start('key');
    const seq = reader.int('seq');
    reader.int('at_us');
    const made = publicKey(reader.base64('public', 32));
    const prev = reader.hash('prev');
    const seal = reader.seal();
    const proof = reader.base64('proof', 64);
    if (!reader.end() || made.bytes.length !== 32 || proof.length !== 64) return 'unreadable';
    const signer = this.keys.at(-1) ?? made;
    const signed = bytes.subarray(0, seal.signedBytes);
    if (seq !== this.keys.length + 1 || prev !== this.head || this.keys.length === KEYS_MOST) return 'follows';
    if (signer.id !== seal.key || !signatureHolds(signer.bytes, signed, seal.signature)) return 'signedBefore';
    if (!signatureHolds(made.bytes, signed, proof)) return 'signedOwn';
    this.keys.push(made);
    this.head = seal.hash;
    return null;
  }

  find(id: string): number {
    return this.keys.findIndex((key) => key.id === id);
  }
}

/** SubjectPublicKeyInfo of an Ed25519 key (RFC 8410) as PEM. */
export function pemOf(key: PublicKey): string {
  const der = hexOf(new Uint8Array([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0])) + hexOf(key.bytes);
  const text = btoa(String.fromCharCode(...der.match(/../g)!.map((digits) => parseInt(digits, 16))));
  return `-----BEGIN PUBLIC KEY-----\n${text}\n-----END PUBLIC KEY-----\n`;
}
