import { expect, test } from 'vitest';
import { keyOf, type Read } from './key';

const read: Read = (part) => part.arrayBuffer();
const film = (fill: number, size = 3 << 20) => new Blob([new Uint8Array(size).fill(fill)]);
const key = (of: string, file: Blob) => keyOf(of, file, read);

test('the same film chosen again has the same key, whatever the phone calls it', async () => {
  const one = new File([film(1)], 'a.mp4', { lastModified: 1 });
  const again = new File([film(1)], 'b.mov', { lastModified: 2 });
  expect(await key('ask', one)).toBe(await key('ask', again));
  expect(await key('ask', one)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('another film, another length or another request has another key', async () => {
  const keys = [await key('ask', film(1)), await key('ask', film(2)), await key('ask', film(1, (3 << 20) + 1)), await key('other', film(1))];
  expect(new Set(keys).size).toBe(4);
});

test('films that differ in their middle or at their end only are told apart', async () => {
  const bytes = new Uint8Array(3 << 20);
  const at = (n: number) => {
    const changed = bytes.slice();
    changed[n] = 1;
    return new Blob([changed]);
  };
  const keys = [await key('ask', new Blob([bytes])), await key('ask', at((3 << 19) + 5)), await key('ask', at((3 << 20) - 1))];
  expect(new Set(keys).size).toBe(3);
});

test('where the browser has no digest, a key is made up', async () => {
  expect(await keyOf('ask', film(1), read, null)).not.toBe(await keyOf('ask', film(1), read, null));
});
