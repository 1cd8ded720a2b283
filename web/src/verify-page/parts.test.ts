import { expect, test } from 'vitest';
import { bytesOf, fromBase64, fromHex } from './bytes';
import { gapsOf, isLed, overlapsOf, type Facts, type Media } from './facts';
import { behindGap, firstKey, isGap, ledBy, typeOf, type Film, type Fragment } from './film';
import { hideSound, videoRun } from './fmp4';
import { judge } from './judge';
import { fingerprintDigits, grouped } from './keyring';
import { LineReader, readHead } from './line';
import { box, fragment, joined } from './made-package';
import { merkleRoot, pathHolds } from './merkle';
import { columns } from './strip';
import { crc32, sha256, signatureHolds } from './sums';
import { until, zoneOf } from './times';
import { directoryOf, localHeader, namePlausible, readDirectory, type ZipEntry } from './zip';

const GIB = 2 ** 30;

test('a directory is read with files and places beyond 4 GiB, and refused when a bit of it differs', () => {
  const entries: ZipEntry[] = [];
  let at = 0;
  for (const [name, bytes] of [['media/01/a.mp4', 5 * GIB], ['b', 0], ['c-1_2.json', 7]] as const) {
    entries.push({ name, bytes, offset: at, crc: 0xdeadbeef });
    at += localHeader(entries.at(-1)!).length + bytes;
  }
  const data = directoryOf(entries, at);
  expect(readDirectory(data, at)).toEqual(entries);
  for (let i = 0; i < data.length; i++) {
    const changed = data.slice();
    changed[i]! ^= 1;
    const read = readDirectory(changed, at);
    if (read) expect(read).not.toEqual(entries); // a sum or a letter, which the files themselves will not have
  }
  expect(readDirectory(joined(data, new Uint8Array(1)), at)).toBeNull();
  expect(readDirectory(data, at + 1)).toBeNull();
});

test('names lead nowhere but into the package', () => {
  expect(['a', 'media/01/x.mp4', 'A-b_c.d/e'].every(namePlausible)).toBe(true);
  expect(['', '/a', 'a/', 'a//b', '../a', 'a/../b', '.a', 'a/.b', 'a b', 'a\\b', 'ă', 'x'.repeat(128)].some(namePlausible)).toBe(false);
});

const read = (text: string, take: (reader: LineReader) => unknown) => {
  const reader = new LineReader(text, bytesOf(text));
  const value = take(reader);
  return reader.end() ? value : undefined;
};

test('a line is read as it is written, in one way only', () => {
  const number = (text: string) => read(`,"n":${text}}`, (reader) => reader.int('n'));
  expect(['0', '-1', '9007199254740991'].map(number)).toEqual([0, -1, Number.MAX_SAFE_INTEGER]);
  expect(['', '-0', '00', '01', '1.0', '1e3', '+1', ' 1', '9007199254740993', '0x1'].map(number).every((one) => one === undefined)).toBe(true);
  const text = (inside: string) => read(`,"t":"${inside}"}`, (reader) => reader.words('t'));
  expect(text('a\\"\\\\\\u1ed5\\ud83d\\udea8')).toBe('a"\\ổ🚨');
  expect(['\\u0041', '\\u00E9', '\\n', '\\ud83d', '\\ud83dx', '\\udea8', '\\u0000', '\\u12', 'ổ', '\t', '\\ud83d\\uffff'].map(text).every((one) => one === undefined)).toBe(true);
  expect(fromBase64('QUI=')).toEqual(bytesOf('AB'));
  expect(['QUJ=', 'QUI', 'QU I', 'QUI=QUI=', '===='].map(fromBase64).every((one) => one === null)).toBe(true);
  expect(readHead('{"v":1,"type":"audit"}', new Uint8Array(22))).toBeNull();
});

/** RFC 6962 §2.1.1, as it is written there. */
function pathOf(index: number, entries: string[]): string[] {
  if (entries.length < 2) return [];
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const [left, right] = [entries.slice(0, split), entries.slice(split)];
  return index < split ? [...pathOf(index, left), merkleRoot(right)] : [...pathOf(index - split, right), merkleRoot(left)];
}

test('trees and the ways up them are those of RFC 6962', () => {
  expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (let count = 1; count < 12; count++) {
    const entries = Array.from({ length: count }, (_, i) => sha256(new Uint8Array([i])));
    const root = merkleRoot(entries);
    entries.forEach((entry, i) => {
      const path = pathOf(i, entries);
      expect(pathHolds(entry, i, count, path, root)).toBe(true);
      expect(pathHolds(entry, i + 1, count, path, root)).toBe(false);
      expect(pathHolds(sha256(new Uint8Array([99])), i, count, path, root)).toBe(false);
      expect(pathHolds(entry, i, count, [...path, root], root)).toBe(false);
    });
  }
});

test('signatures are those of RFC 8032, and no key of small order signs everything', () => {
  const key = fromHex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = fromHex('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00');
  expect(signatureHolds(key, new Uint8Array([0x72]), signature)).toBe(true);
  expect(signatureHolds(key, new Uint8Array([0x73]), signature)).toBe(false);
  const one = new Uint8Array(32);
  one[0] = 1;
  expect(signatureHolds(one, new Uint8Array([0x72]), joined(one, new Uint8Array(32)))).toBe(false);
  expect(signatureHolds(key, new Uint8Array(1), new Uint8Array(10))).toBe(false);
  expect(crc32(crc32(0, bytesOf('1234')), bytesOf('56789'))).toBe(0xcbf43926);
});

test('a fingerprint is read as people write it', () => {
  const whole = 'ab12'.repeat(16);
  expect(fingerprintDigits(grouped(whole))).toBe(whole);
  expect(fingerprintDigits(whole.toUpperCase().slice(0, 32))).toBe(whole.slice(0, 32));
  expect([whole.slice(1, 32), `${whole}0`, `${whole.slice(1)}g`, ''].map(fingerprintDigits)).toEqual([null, null, null, null]);
});

test('a fragment says how long its pictures last and whether one can begin with it', () => {
  expect([0, 1].map((i) => videoRun(fragment(i)))).toEqual([
    { decodeTime: 0, pictures: 1, ticks: 90_000, durationUs: 1_000_000, key: true },
    { decodeTime: 90_000, pictures: 1, ticks: 90_000, durationUs: 1_000_000, key: false },
  ]);
  for (let size = 0; size < fragment(0).length - 48; size++) expect(videoRun(fragment(0).slice(0, size))).toBeNull();
});

test('sound that a browser does not know is taken out of what it gets', () => {
  const tkhd = (id: number) => box('tkhd', new Uint8Array(12), new Uint8Array([0, 0, 0, id]));
  const init = box('moov', box('trak', tkhd(1)), box('trak', tkhd(2)));
  hideSound(init);
  expect(new TextDecoder('latin1').decode(init).match(/trak|free/g)).toEqual(['trak', 'free']);
});

const media = (from: number, to: number, over: Partial<Media> = {}): Media => ({ name: `m${from}`, camera: 0, volume: '', seq: 1, first: 1, last: 1, from: from * 1e6, to: to * 1e6, offset: 0, ntp: 0, at: 0, bytes: 0, codec: 'avc1.640028', width: 1920, height: 1080, audio: '', pictures: 0, ticks: 0, key: from * 1e6, ...over });

test('what has no pictures is told with what seals say, and unknown where they say nothing', () => {
  const facts: Facts = { from: 0, to: 100e6, cameras: ['a', 'b'], media: [media(10, 30), media(50, 90)], declared: [{ camera: 0, from: 35e6, to: 45e6, cause: 'paused' }, { camera: 0, from: 60e6, to: 62e6, cause: 'overload' }] };
  expect(gapsOf(facts).map(({ camera, from, to, cause }) => [camera, from / 1e6, to / 1e6, cause])).toEqual([
    [0, 0, 10, 'unknown'], [0, 30, 35, 'unknown'], [0, 35, 45, 'paused'], [0, 45, 50, 'unknown'], [0, 60, 62, 'overload'], [0, 90, 100, 'unknown'], [1, 0, 100, 'unknown'],
  ]);
});

test('the worst that is true of a second is said, however much there is of it', () => {
  const facts: Facts = { from: 0, to: 10e6, cameras: ['a'], media: [media(0, 8)], declared: [] };
  const fault = { code: '', params: {}, file: '', camera: 'a', from: 2_500_000, to: 3_100_000 };
  const [verdict] = judge(facts, gapsOf(facts), [fault, fault, { ...fault, from: 2_000_000 }], true);
  expect(verdict!.spans.map(({ from, to, verdict: word }) => [from / 1e6, to / 1e6, word])).toEqual([[0, 2, 'authentic-from-server'], [2, 4, 'altered'], [4, 8, 'authentic-from-server'], [8, 10, 'gap']]);
});

test('one second that was changed is seen in the strip of a whole day', () => {
  const spans = [{ from: 0, to: 4000e6, verdict: 'authentic-from-server' as const }, { from: 4000e6, to: 4001e6, verdict: 'altered' as const }, { from: 4001e6, to: 86_400e6, verdict: 'gap' as const }];
  const drawn = columns(spans, 360);
  expect(drawn.filter((word) => word === 'altered')).toHaveLength(4);
  expect(drawn[0]).toBe('authentic-from-server');
});

test('footage that a browser does not play is not handed to it', () => {
  const chromium = (type: string) => /avc1/.test(type) && !/ulaw/.test(type);
  expect(typeOf(media(0, 1), true, chromium)).toEqual({ type: 'video/mp4; codecs="avc1.640028"', mute: false });
  expect(typeOf(media(0, 1, { audio: 'ulaw' }), true, chromium)).toMatchObject({ mute: true });
  expect(typeOf(media(0, 1, { codec: 'hvc1.1.6.L120' }), true, chromium)).toBeNull();
  expect(typeOf(media(0, 1, { codec: 'avc1";x="' }), true, chromium)).toBeNull();
});

test('a zone that does not exist is UTC, and an end of the same day has no day', () => {
  expect([zoneOf('Asia/Ho_Chi_Minh'), zoneOf('<script>')]).toEqual(['Asia/Ho_Chi_Minh', 'UTC']);
  expect(until(0, 5e6, 'en-GB', 'UTC')).toBe('00:00:05');
  expect(until(0, 86_405e6, 'en-GB', 'UTC')).toContain('02/01/1970');
});

test('a film of whose sound no silence is known is played without it', () => {
  const plays = () => true;
  expect(typeOf(media(0, 1, { audio: 'mp4a.40.2' }), true, plays)).toEqual({ type: 'video/mp4; codecs="avc1.640028,mp4a.40.2"', mute: false });
  expect(typeOf(media(0, 1, { audio: 'mp4a.40.2' }), false, plays)).toEqual({ type: 'video/mp4; codecs="avc1.640028"', mute: true });
});

test('a gap inside a file is known, and where the film goes on behind it', () => {
  const at = (second: number): Fragment => ({ at: 0, bytes: 0, time: second * 1e6, ticks: second * 90_000, filmTime: second, shift: 0, end: (second + 1) * 1e6, key: true });
  const film = { fragments: [0, 1, 2, 30, 31].map(at) } as Film;
  expect([[2, 2.9], [2, 3.2], [2, 3.6], [2, 20]].map(([index, second]) => isGap(film, index!, second! * 1e6))).toEqual([false, false, true, true]);
  expect([1, 2, 3, 2.98, 31, 32].map((second) => behindGap(film, second))).toEqual([-1, -1, 3, 3, -1, -1]);
});

test('a film that goes on with the group of the file before begins with it', () => {
  const before = media(0, 60, { key: 40e6 });
  expect(isLed([before, media(60, 120, { key: 90e6 })], 1)).toBe(true);
  expect(isLed([before, media(61, 120, { key: 90e6 })], 1)).toBe(false); // behind a gap
  expect(isLed([before, media(60, 120, { key: 90e6, width: 640 })], 1)).toBe(false);
  expect(isLed([media(0, 60, { key: 60e6 }), media(60, 120)], 1)).toBe(false); // which has no key picture either
  expect(isLed([media(60, 120, { key: 90e6 })], 0)).toBe(false);
  const at = (second: number, filmTime: number, key: boolean): Fragment => ({ at: 0, bytes: 0, time: second * 1e6, ticks: filmTime * 90_000, filmTime, shift: 0, end: (second + 1) * 1e6, key });
  const fragments = ledBy([at(58, 18, true), at(59, 19, false)], [at(60, 0, false), at(61, 1, false), at(62, 2, true)]);
  expect(fragments.map(({ filmTime }) => filmTime)).toEqual([0, 1, 2, 3, 4]);
  expect(fragments.map(({ shift }) => shift)).toEqual([-18, -18, 2, 2, 2]);
  expect(firstKey({ fragments } as Film)).toBe(0);
  expect(firstKey({ fragments: fragments.slice(1) } as Film)).toBe(3);
});

test('files that bear the same times are told, as long as that is half a second', () => {
  const facts = (...files: [number, number][]): Facts => ({ from: 0, to: 60e6, cameras: ['a'], media: files.map(([from, to]) => media(from, to)), declared: [] });
  expect(overlapsOf(facts([0, 10], [9.6, 20], [20, 30]))).toEqual([]);
  expect(overlapsOf(facts([0, 30], [20, 25], [25, 50]))).toEqual([{ camera: 0, from: 20e6, to: 25e6 }, { camera: 0, from: 25e6, to: 30e6 }]);
  expect(judge(facts([0, 30], [20, 60]), [], [], true)[0]!.spans.map(({ from, to, verdict }) => [from / 1e6, to / 1e6, verdict])).toEqual([
    [0, 19, 'authentic-from-server'],
    [19, 31, 'clock-doubtful'],
    [31, 60, 'authentic-from-server'],
  ]);
});
