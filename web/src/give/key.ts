// By which name the server knows a file: made of its size and of some of its bytes, so that the same film, chosen again
// after a reload, goes on where it stopped. What the phone calls it never leaves the phone.

import { makeKey } from '../report-form/draft';

const PART_BYTES = 256 << 10;

export type Digest = (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
export type Read = (part: Blob) => Promise<ArrayBuffer>;

/** Where a browser has none (pages that are not secure), a file goes on as long as the page stands. */
const digest: Digest | null = typeof crypto === 'object' && crypto.subtle ? (bytes) => crypto.subtle.digest('SHA-256', bytes) : null;

/** Browsers of 2018 have no Blob.arrayBuffer(). */
const read: Read = (part) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(part);
  });

/** A UUID of version 8 (RFC 9562 §5.8). */
function uuidOf(hash: ArrayBuffer): string {
  const bytes = new Uint8Array(hash.slice(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += (bytes[i]! + 256).toString(16).slice(1);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Of a file that answers the request `of`: the same film given for another one has another key. */
export async function keyOf(of: string, file: Blob, readPart: Read = read, hash: Digest | null = digest): Promise<string> {
  if (!hash) return makeKey();
  const middle = Math.floor(file.size / 2);
  const parts = [file.slice(0, PART_BYTES), file.slice(middle, middle + PART_BYTES), file.slice(Math.max(0, file.size - PART_BYTES))];
  const head = new TextEncoder().encode(`${of} ${file.size} `);
  const all = new Uint8Array(head.length + parts.reduce((sum, { size }) => sum + size, 0));
  all.set(head);
  let at = head.length;
  for (const part of parts) {
    all.set(new Uint8Array(await readPart(part)), at);
    at += part.size;
  }
  return uuidOf(await hash(all));
}
