// Merkle trees of RFC 6962 §2.1 over entries that are hashes in hex; each is hashed again as a leaf.

import { fromHex } from './bytes';
import { sha256 } from './sums';

export const PATH_MOST = 64;

function leafOf(entry: string): string {
  const data = new Uint8Array(33);
  data.set(fromHex(entry), 1);
  return sha256(data);
}

function nodeOf(left: string, right: string): string {
  const data = new Uint8Array(65);
  data[0] = 1;
  data.set(fromHex(left), 1);
  data.set(fromHex(right), 33);
  return sha256(data);
}

export function merkleRoot(entries: string[]): string {
  const stack: string[] = []; // roots of full subtrees, largest first: one for each bit set in the count
  entries.forEach((entry, count) => {
    let hash = leafOf(entry);
    for (; count & 1; count >>= 1) hash = nodeOf(stack.pop()!, hash);
    stack.push(hash);
  });
  let hash = stack.pop();
  if (hash === undefined) return sha256(new Uint8Array(0));
  for (let left = stack.pop(); left !== undefined; left = stack.pop()) hash = nodeOf(left, hash);
  return hash;
}

/** RFC 9162 §2.1.3.2. */
export function pathHolds(entry: string, index: number, count: number, path: string[], root: string): boolean {
  if (!(index < count)) return false;
  let node = index;
  let last = count - 1;
  let hash = leafOf(entry);
  const up = () => {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  };
  for (const beside of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeOf(beside, hash);
      while (node % 2 === 0 && node > 0) up();
    } else hash = nodeOf(hash, beside);
    up();
  }
  return last === 0 && hash === root;
}
