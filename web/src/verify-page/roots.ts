// Roots over all seals of a node, and the way from a seal up to one of them.

import { dayPlausible } from './seals';
import { LineReader, readHead, type LineHead } from './line';
import { PATH_MOST } from './merkle';

export interface RootLine {
  head: LineHead;
  /** of a day, not of an hour within it */
  ofDay: boolean;
  day: string;
  /** hash of the newest day's line before it; zeros: there is none */
  before: string;
  entries: number;
  root: string;
  /** the newest line of each chain that is under it, by chainOf() */
  chains: Map<string, number>;
}

export interface PathLine {
  camera: string;
  volume: string;
  seq: number;
  /** number of the root's line */
  root: number;
  index: number;
  path: string[];
}

export const chainOf = (camera: string, volume: string): string => `${camera} ${volume}`;

function readChains(reader: LineReader): Map<string, number> {
  const chains = new Map<string, number>();
  let before = '';
  reader.items('chains', () => {
    let camera = '', volume = '', last = 0;
    reader.parts(
      () => (camera = reader.uuid(null)),
      () => (volume = reader.uuid(null)),
      () => (last = reader.int(null)),
    );
    const chain = chainOf(camera, volume);
    if (last <= 0 || chain <= before) reader.fail();
    chains.set((before = chain), last);
  });
  return chains;
}

export function readRoot(text: string, bytes: Uint8Array): RootLine | null {
  const reader = new LineReader(text, bytes);
  reader.start('root');
  reader.int('seq');
  const kind = reader.chars('kind', 15);
  if (!['interim', 'day'].includes(kind)) reader.fail();
  const day = reader.chars('day', 15);
  if (!dayPlausible(day)) reader.fail();
  reader.int('at_us');
  const chains = readChains(reader);
  const entries = reader.int('entries');
  const root = reader.hash('root');
  reader.int('audit');
  reader.hash('audit_root');
  const before = reader.hash('before');
  reader.hash('prev');
  reader.seal();
  const head = reader.end() ? readHead(text, bytes) : null;
  return head && { head, ofDay: kind === 'day', day, before, entries, root, chains };
}

export function readPath(text: string, bytes: Uint8Array): PathLine | null {
  const reader = new LineReader(text, bytes);
  const path: string[] = [];
  reader.start('path');
  const camera = reader.uuid('camera');
  const volume = reader.uuid('volume');
  const seq = reader.int('seq');
  const root = reader.int('root');
  const index = reader.int('index');
  reader.items('path', () => {
    if (path.length === PATH_MOST) reader.fail();
    path.push(reader.hash(null));
  });
  return reader.end() && seq > 0 && root > 0 && index >= 0 ? { camera, volume, seq, root, index, path } : null;
}
