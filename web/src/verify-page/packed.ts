// Negative certificates in a package (src/archive/package_certificates.c): each is the whole ZIP that was handed over by itself,
// and is checked like that one; besides, it must be of the package's node and case.

import type { Check } from './check';
import type { Manifest } from './manifest';
import { checkNegative, FILE, type Negative } from './negative';
import type { Source } from './source';
import { entryAt, zipEntries, type ZipEntry } from './zip';

const FOLDER = 'certificates/';

/** A certificate that goes along with a package. */
export interface Packed {
  name: string;
  about: Manifest;
  negative: Negative;
}

export const isPacked = (name: string): boolean => name.startsWith(FOLDER);

/** It stands under its own number, is of this node and case, and signed by a key that the package has. */
function checkPlace({ faults, manifest, ring }: Check, file: string, inner: Check): void {
  const about = inner.manifest;
  if (file !== `${FOLDER}${about.number}.zip` || about.node !== manifest.node || about.caseNumber !== manifest.caseNumber) faults.add('packedPlace', { file });
  const [ours, own] = [ring, inner.ring].map((keys) => keys?.keys[keys.find(about.key)]?.fingerprint);
  if (ring && (!ours || ours !== own)) faults.add('packedKey', { file });
}

async function checkOne(check: Check, { name }: ZipEntry, inner: Check): Promise<void> {
  const entries = await zipEntries(inner.source);
  if (typeof entries === 'string') return check.faults.add(entries, { file: name });
  inner.take(entries);
  if (!inner.entry(FILE)) return check.faults.add('notNegative', { file: name });
  await inner.checkHeaders();
  await checkNegative(inner);
  if (inner.negative) {
    checkPlace(check, name, inner);
    check.packed.push({ name, about: inner.manifest, negative: inner.negative });
  }
  // Of no camera: its verdicts are of the certificate, not of footage.
  for (const { code, params, file } of inner.faults.all) check.faults.add(code, { file: `${name}: ${file}` }, params);
  check.notes.push(...inner.notes.map((note) => ({ ...note, of: inner.manifest.number })));
  check.counts.lines += inner.counts.lines;
}

/** `open` begins a check of a file within the file. */
export async function checkPackedAll(check: Check, open: (source: Source) => Check): Promise<void> {
  for (const entry of check.entries) if (isPacked(entry.name)) await checkOne(check, entry, open(check.source.within(entryAt(entry), entry.bytes)));
}
