import { expect, test } from 'vitest';
import { join, joinTo } from './joined';

const u32 = (n: number) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255];

function box(type: string, body: number[]): number[] {
  return [...u32(8 + body.length), ...[...type].map((c) => c.charCodeAt(0)), ...body];
}

const KEY = 0x2000000;
const OTHER = 0x1010000;

/** A fragment as the recorder writes it: [duration, flags] of each picture. */
function fragment(begins: number, pictures: [number, number][], track = 1): number[] {
  const rows = pictures.flatMap(([duration, flags]) => [...u32(duration), ...u32(9), ...u32(flags)]);
  const traf = [
    ...box('tfhd', [...u32(0x20000), ...u32(track)]),
    ...box('tfdt', [...u32(0x1000000), ...u32(0), ...u32(begins)]),
    ...box('trun', [...u32(0x1000701), ...u32(pictures.length), ...u32(0), ...rows]),
  ];
  return [...box('prft', Array<number>(24).fill(0)), ...box('moof', box('traf', traf)), ...box('mdat', [1, 2, 3])];
}

const bytes = (...fragments: number[][]) => Uint8Array.from(fragments.flat());

test('a picture in front of a late one lasts until it comes', () => {
  const first: [number, number][] = [[6000, KEY], [6000, OTHER]];
  const second = fragment(24_000, [[6000, OTHER]]);
  const part = bytes(fragment(6000, first), second);
  join(part);
  expect(part).toEqual(bytes(fragment(6000, [[6000, KEY], [12_000, OTHER]]), second));
});

test('where all is in time, or a key picture follows, nothing is changed', () => {
  for (const [begins, flags] of [[12_000, OTHER], [11_990, OTHER], [24_000, KEY]] as const) {
    const part = bytes(fragment(0, [[6000, KEY], [6000, OTHER]]), fragment(begins, [[6000, flags]]));
    const was = part.slice();
    join(part);
    expect(part).toEqual(was);
  }
});

test('sound lasts until it goes on, and pictures are not asked for it', () => {
  const sound = (begins: number, lasts: number) => fragment(begins, [[lasts, KEY]], 2);
  const part = bytes(fragment(0, [[6000, KEY]]), sound(7, 1024), fragment(90_000, [[6000, OTHER]]), sound(9_000, 1024));
  join(part);
  expect(part).toEqual(bytes(fragment(0, [[90_000, KEY]]), sound(7, 8_993), fragment(90_000, [[6000, OTHER]]), sound(9_000, 1024)));
});

test('one fragment alone is joined to where the next one begins', () => {
  const alone = bytes(fragment(0, [[6000, KEY], [6000, OTHER]]));
  joinTo(alone, 18_000);
  expect(alone).toEqual(bytes(fragment(0, [[6000, KEY], [12_000, OTHER]])));
});

test('what is cut short anywhere is left as it is, or joined as far as it goes', () => {
  const whole = bytes(fragment(0, [[6000, KEY]]), fragment(24_000, [[6000, OTHER]]));
  for (let length = 0; length < whole.length; length++) expect(() => join(whole.slice(0, length))).not.toThrow();
});
