import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import en from '../texts/en/verify-page.json';
import { checkPackage, type Result } from './check';
import { BEGIN, dayProofs, edited, END, FILMS, FRAGMENTS, makePackage, signed, Signer, withCopy, withFragments, withGiven, zipOf, type Parts } from './made-package';
import { rateOf } from './films';
import { keyState, outcomeOf, resultJson } from './result';
import { Source, Stopped, Unreadable } from './source';

const ours = new Signer(new Uint8Array(32).fill(1));
const stranger = new Signer(new Uint8Array(32).fill(2));
const whole = makePackage(ours);

const check = (parts: Parts): Promise<Result> => checkPackage(new Source(zipOf(parts)));
const codes = ({ faults }: Result) => faults.map(({ code }) => code);
/** Seconds behind the beginning of what is called altered. */
const altered = ({ cameras }: Result) => cameras[0]!.spans.filter(({ verdict }) => verdict === 'altered').map(({ from, to }) => [(from - BEGIN) / 1e6, (to - BEGIN) / 1e6]);

afterEach(() => vi.unstubAllGlobals());

test('a package as the node made it holds, each second with its word', async () => {
  const result = await check(whole);
  expect(codes(result)).toEqual([]);
  expect(result.notes).toEqual([]);
  expect(result.cameras[0]!.spans.map(({ verdict }) => verdict)).toEqual(['authentic-from-server', 'gap']);
  expect(result.cameras[0]!.complete).toBe(false);
  expect(result.gaps.map(({ cause }) => cause)).toEqual(['camera-offline']);
  expect(result.manifest!.reason).toBe('va chạm <b>🚨</b>');
  expect(result.counts).toEqual({ segments: 1, fragments: FRAGMENTS, lines: 2, roots: 1 });
});

test('it holds as well where the browser hides WebCrypto', async () => {
  vi.stubGlobal('crypto', {});
  expect(codes(await check(whole))).toEqual([]);
  expect(codes(await check(withFragments(whole, [0, 1, 2])))).toEqual(['fileChanged', 'fragmentsCut']);
});

test('whose key it is comes from elsewhere, in full or its first half', async () => {
  const result = await check(whole);
  const { fingerprint } = ours.key;
  expect(outcomeOf(result, keyState(result, null))).toBe('unconfirmed');
  expect(outcomeOf(result, keyState(result, fingerprint))).toBe('good');
  expect(outcomeOf(result, keyState(result, fingerprint.slice(0, 32)))).toBe('good');
  expect(outcomeOf(result, keyState(result, stranger.key.fingerprint))).toBe('otherKey');
  expect(resultJson('a.zip', result, 'other')).toMatchObject({ passed: false, verdict: 'faulty', key_confirmed: false });
});

test('what was signed anew as a whole is told by the key alone', async () => {
  const result = await check(makePackage(stranger));
  expect(codes(result)).toEqual([]);
  expect(outcomeOf(result, keyState(result, ours.key.fingerprint))).toBe('otherKey');
});

test('a redacted copy is named as no original, and harms no second of it', async () => {
  const result = await check(withCopy(whole, ours));
  expect(codes(result)).toEqual([]);
  expect(outcomeOf(result, keyState(result, ours.key.fingerprint))).toBe('good');
  const [note] = resultJson('a.zip', result, 'unasked').notes as string[];
  expect(note).toBe('working/01/NOT-ORIGINAL_redacted-1.mp4: NOT ORIGINAL, a copy with 1 boxes made unrecognisable; the original is in media/01');
  const flipped = await check(edited(withCopy(whole, ours), 'working/01/NOT-ORIGINAL_redacted-1.mp4', 'film', 'flim'));
  expect(codes(flipped)).toEqual(['fileChanged']);
  expect(altered(flipped)).toEqual([]);
});

test('a copy that is said to be of other footage is seen, whoever signed it', async () => {
  const other = '02020202-0202-4202-8202-020202020202';
  expect(codes(await check(withCopy(whole, ours, { parent: '0'.repeat(64) })))).toEqual(['workingParents']);
  expect(codes(await check(withCopy(whole, ours, { camera: other })))).toEqual(['working']);
  expect(codes(await check(withCopy(whole, ours, { to: BEGIN + 60_000_000 })))).toEqual(['working']);
  expect(codes(await check(withCopy(whole, ours, { name: 'working/02/NOT-ORIGINAL_redacted-1.mp4' })))).toEqual(['working']);
  for (const box of [`${BEGIN + 1},9000,0,1001,100`, `${BEGIN - 1},0,0,100,100`, `${BEGIN + 1},0,0,49,100`, `${BEGIN + 1},0,0,100`]) {
    expect(codes(await check(withCopy(whole, ours, { box })))).toEqual(['noManifest']);
  }
});

describe('what a household gave', () => {
  const film = 'household/01/given-1.mp4';

  test('is named as that, and has no verdict of its own', async () => {
    const result = await check(withGiven(whole, ours));
    expect(codes(result)).toEqual([]);
    expect(result.notes).toEqual([{ code: 'given', params: { file: film, household: '01' } }]);
    expect(result.cameras).toEqual((await check(whole)).cameras);
    const flipped = await check(edited(withGiven(whole, ours), film, 'film', 'flim'));
    expect(codes(flipped)).toEqual(['fileChanged']);
    expect(altered(flipped)).toEqual([]);
  });

  const cases: [string, Parameters<typeof withGiven>[2], string[]][] = [
    ['other bytes than arrived', { hash: '0'.repeat(64) }, ['givenOther']],
    ['another size than the consent tells', { bytes: 7 }, ['consent']],
    ['a place among the footage of the commune', { name: 'media/01/given-1.mp4' }, ['given']],
    ['the place of another', { name: 'household/01/given-2.mp4' }, ['given']],
    ['a kind that is none', { name: 'household/01/given-1.', type: 'text/html' }, ['given']],
    ['a name that leads out', { name: 'household/../x.mp4' }, ['directory']],
    ['no consent', { consent: '{}\n' }, ['consent']],
  ];
  test.each(cases)('%s is seen, whoever signed it', async (_, wrong, faults) => {
    expect(codes(await check(withGiven(whole, ours, wrong)))).toEqual(faults);
  });

  test('a file of it that the manifest does not name belongs to no package', async () => {
    const all = new Map(withGiven(whole, ours));
    expect(codes(await check(signed(all, ours)))).toEqual(['foreign', 'foreign']);
  });
});

describe('what the manifest tells of the films is counted again', () => {
  const told = (films: string) => check(signed(whole, ours, '', films));

  test('and holds where it is so', async () => {
    const result = await told(FILMS);
    expect(codes(result)).toEqual([]);
    expect(result.manifest!.films!.map(rateOf)).toEqual([1]);
    expect(result.clocks).toEqual([{ offset: 2e6, doubt: 1e6, read: BEGIN }, null, { offset: -3e6, doubt: 1e6, read: END }]);
  });

  test.each([
    ['another codec', FILMS.replace('avc1', 'hvc1')],
    ['another size', FILMS.replace('1920', '1921')],
    ['other pictures', FILMS.replace(',12,', ',13,')],
    ['another time that they last', FILMS.replace('1080000', '1080001')],
    ['a film too many', `${FILMS},${FILMS}`],
  ])('%s is seen, whoever signed it', async (_, films) => {
    expect(films).not.toBe(FILMS);
    expect(codes(await told(films))).toEqual(['otherFilms']);
  });
});

test('a clock that is not known to be right is said of each second', async () => {
  const { cameras } = await check(makePackage(ours, -1_000_000_000));
  expect(cameras[0]!.spans.map(({ verdict }) => verdict)).toEqual(['clock-doubtful', 'gap']);
});

describe('fragments are told apart, to the second, even when who holds the key signed them', () => {
  const all = Array.from({ length: FRAGMENTS }, (_, i) => i);
  const cases: [string, number[], string[], number[][]][] = [
    ['one dropped', all.filter((i) => i !== 4), ['fragmentMissing'], [[4, 5]]],
    ['two dropped', all.filter((i) => i !== 4 && i !== 5), ['fragmentsMissing'], [[4, 6]]],
    ['two swapped', [0, 1, 3, 2, ...all.slice(4)], ['fragmentMoved'], [[2, 3]]],
    ['cut off', all.slice(0, 10), ['fragmentsCut'], [[10, 12]]],
    ['one twice', [0, 1, 1, ...all.slice(2)], ['fragmentTwice'], [[1, 2]]],
    ['one changed', [...all.slice(0, 7), 30, ...all.slice(8)], ['fragmentChanged'], [[7, 8]]],
    ['one put in', [...all.slice(0, 7), 30, ...all.slice(7)], ['strangers'], [[7, 8]]],
  ];
  test.each(cases)('%s', async (_, numbers, faults, seconds) => {
    const parts = withFragments(whole, numbers);
    const plain = await check(parts);
    expect(codes(plain)).toEqual(['fileChanged', ...faults]);
    const anew = await check(signed(parts, ours));
    expect(codes(anew)).toEqual(faults);
    expect(altered(anew)).toEqual(seconds);
  });
});

describe('what the texts say is made again, or signed', () => {
  const cases: [string, Parts, string[]][] = [
    ['a gap with another cause', edited(whole, 'continuity.json', 'camera-offline', 'paused'), ['otherFacts']],
    ['another clock', edited(whole, 'time.json', '"ntp_us":1200', '"ntp_us":7'), []], // what NTP said when it was made is the node's word alone
    ['the clock of a seal', edited(whole, 'proofs/seals-01.jsonl', '"ntp_us":1200', '"ntp_us":7'), ['lineSignature', 'pathWrong', 'otherFacts']],
    ['an audit line of nobody', new Map(whole).set('custody.jsonl', new TextEncoder().encode('{}\n')), ['custodyForeign']],
    ['a file that belongs to no package', new Map([['a.txt', new Uint8Array(3)], ...whole]), ['foreign']],
    ['a path to nowhere', edited(whole, 'proofs/paths.jsonl', '"root":1', '"root":2'), ['pathNowhere']],
    ['no seal', new Map(whole).set('proofs/seals-01.jsonl', new Uint8Array(0)), ['noSeal', 'pathNowhere', 'otherFacts', 'otherFacts']],
  ];
  test.each(cases)('%s', async (_, parts, faults) => {
    expect(codes(await check(signed(parts, ours)))).toEqual(faults);
    expect(codes(await check(parts)).length).toBeGreaterThan(0);
  });

  test('a manifest signed by another', async () => {
    const result = await check(signed(whole, stranger));
    expect(codes(result)).toEqual(['manifestKey']);
    expect(result.cameras[0]!.spans.map(({ verdict }) => verdict)).toEqual(['unsigned', 'gap']);
  });
});

describe('proofs that came later', () => {
  const added = (from = '', to = '') => new Map(whole).set('proofs/days.jsonl', new TextEncoder().encode(dayProofs(ours, whole).replace(from, () => to)));

  test('lead the footage up to the root of its day, and the signature holds', async () => {
    const result = await check(added());
    expect(codes(result)).toEqual([]);
    expect(result.notes[0]).toEqual({ code: 'added', params: { days: 1, all: 1 } });
    expect(result.notes[1]).toMatchObject({ code: 'day', params: { day: '2026-11-23', words: expect.stringMatching(/^(\p{L}+ ){9}\p{L}+$/u) } });
    expect(result.notes).toHaveLength(2);
    expect(result.counts.roots).toBe(2);
  });

  const cases: [string, Parts, string[]][] = [
    ['a root of another kind', added('"kind":"day"', '"kind":"interim"'), ['lineSignature', 'pathNowhere']],
    ['a path to another place', added('"index":0', '"index":1'), ['pathWrong', 'addedAlone']],
    ['a path to another root', added('"root":2', '"root":1'), ['pathNowhere', 'addedAlone']],
    ['a stranger\'s root', new Map(whole).set('proofs/days.jsonl', new TextEncoder().encode(dayProofs(stranger, whole))), ['lineForeignKey', 'pathNowhere']],
    ['the same twice', new Map(whole).set('proofs/days.jsonl', new TextEncoder().encode(dayProofs(ours, whole).repeat(2))), ['addedRoot', 'pathAgain', 'addedAlone']],
  ];
  test.each(cases)('%s', async (_, parts, faults) => {
    expect(codes(await check(parts))).toEqual(faults);
  });

  test('stand behind the signature, nowhere else', async () => {
    const first: Parts = new Map([['proofs/days.jsonl', added().get('proofs/days.jsonl')!], ...whole]);
    expect(codes(await check(first))).toContain('fileCount');
  });
});

test('whatever byte is changed, it is seen; whatever comes, the check ends', async () => {
  const data = new Uint8Array(await zipOf(whole).arrayBuffer());
  const manifestAt = data.length - 1500;
  for (let at = 3; at < data.length; at += at > manifestAt ? 67 : 211) {
    const changed = data.slice();
    changed[at]! ^= 0x10;
    const result = await checkPackage(new Source(new Blob([changed])));
    expect(outcomeOf(result, 'unasked'), `byte ${at}`).toBe('bad');
    const cut = await checkPackage(new Source(new Blob([data.slice(0, at)])));
    expect(codes(cut)).toHaveLength(1);
  }
}, 20_000);

test('lines without end, arrays without bottom and numbers without measure are refused', async () => {
  const deep = `{"v":1,"type":"audit","a":${'['.repeat(500_000)}`;
  const parts = new Map(whole).set('custody.jsonl', new TextEncoder().encode(`${deep}\n${'x'.repeat(3 << 20)}\n{"v":1,"type":"audit","seq":99999999999999999999}\n`));
  expect(codes(await check(signed(parts, ours)))).toEqual(['custodyForeign', 'custodyForeign', 'custodyForeign']);
  const many = new Map(whole).set('custody.jsonl', new TextEncoder().encode('{}\n'.repeat(20_000)));
  const result = await check(signed(many, ours));
  expect(result.endedEarly).toBe(true);
  expect(outcomeOf(result, 'same')).toBe('bad');
});

test('it can be stopped, and says when the file is gone', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(checkPackage(new Source(zipOf(whole), stop.signal))).rejects.toBeInstanceOf(Stopped);
  const gone = { size: 5000, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }) };
  await expect(checkPackage(new Source(gone as unknown as Blob))).rejects.toBeInstanceOf(Unreadable);
});

test('each fault that can be found has its words', () => {
  const folder = new URL('.', import.meta.url);
  const sources = readdirSync(folder).filter((name) => /^(?!made-|.*\.test\.).*\.ts$/.test(name)).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const named = sources.flatMap((source) => [...source.matchAll(/(?:faults\.add|this\.fault)\('(\w+)'/g)].map((match) => match[1]!));
  expect(named.length).toBeGreaterThan(25);
  const made = ['init', 'fragment'].flatMap((what) => ['Changed', 'Missing', 'Cut', 'Moved', 'Twice'].map((how) => what + how));
  const keys = ['unreadable', 'follows', 'signedBefore', 'signedOwn', 'noEnd'].map((code) => `key.${code}`);
  for (const code of [...named, ...made, ...keys, 'cutOff', 'directory', 'chainNumber', 'chainLink', 'chainKey']) expect(en).toHaveProperty([`verify.fault.${code}`]);
});
