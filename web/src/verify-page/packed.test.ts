import { expect, test } from 'vitest';
import { checkPackage, type Result } from './check';
import { certified, makeCertificate, type Told } from './made-certificate';
import { BEGIN, edited, makePackage, pack, signed, Signer, zipOf, type Parts } from './made-package';
import { keyState, outcomeOf, resultJson } from './result';
import { Source } from './source';

const ours = new Signer(new Uint8Array(32).fill(1));
const stranger = new Signer(new Uint8Array(32).fill(2));
const NAME = 'certificates/CC-2026-0008.zip';
/** Of the node and case of the package. */
const HERE: Told = { node: '02020202-0202-4202-8202-020202020202', caseNumber: '2026-0042' };

const whole = makePackage(ours);
const withOne = (certificate: Parts, name = NAME) => signed(new Map(whole).set(name, pack(certificate)), ours);
const check = (parts: Parts): Promise<Result> => checkPackage(new Source(zipOf(parts)));
const codes = ({ faults }: Result) => faults.map(({ code }) => code);
const good = makeCertificate(ours, HERE);

test('a certificate in a package is checked like one that comes alone, and named with what it says', async () => {
  const result = await check(withOne(good));
  expect(codes(result)).toEqual([]);
  expect(outcomeOf(result, keyState(result, ours.key.fingerprint))).toBe('good');
  expect(result.packed.map(({ name, about, negative }) => [name, about.number, negative.verdict])).toEqual([[NAME, 'CC-2026-0008', 'empty']]);
  expect(result.notes.map(({ code }) => code)).toEqual(['negative.empty', 'negativeCamera']);
  expect(result.cameras).toEqual((await check(whole)).cameras);
  expect(result.negative).toBeNull();
  const moved = await check(withOne(makeCertificate(ours, { ...HERE, verdict: 'not-empty', moved: `[${BEGIN},${BEGIN + 1_000_000}]`, cells: '[3,1,0]' })));
  expect([codes(moved), moved.packed[0]!.negative.verdict]).toEqual([[], 'not-empty']);
});

test('what is noted of each certificate is saved with its number', async () => {
  const two = signed(new Map(whole).set(NAME, pack(good)).set('certificates/CC-2026-0009.zip', pack(makeCertificate(ours, { ...HERE, number: 'CC-2026-0009' }))), ours);
  const { notes } = resultJson('a.zip', await check(two), 'unasked') as { notes: string[] };
  expect(notes.map((note) => note.slice(0, 22))).toEqual(['CC-2026-0008: negative', 'CC-2026-0008: camera 0', 'CC-2026-0009: negative', 'CC-2026-0009: camera 0']);
});

const wrong: [string, Parts, string[]][] = [
  ['a changed one', edited(good, 'certificate.json', '"60,0,'.slice(1), '61,0,'), ['negativeSignature']],
  ['one whose paper was changed', edited(good, 'report.pdf', 'paper', 'pager'), ['negativeFile']],
  ['one that a stranger signed with the keys of the node', certified(good, stranger, HERE), ['negativeKey', 'packedKey']],
  ['one that a stranger made', makeCertificate(stranger, HERE), ['packedKey']],
  ['one of another case', makeCertificate(ours, { ...HERE, caseNumber: '2026-0043' }), ['packedPlace']],
  ['one of another node', makeCertificate(ours, { caseNumber: '2026-0042' }), ['packedPlace']],
  ['one whose verdict does not follow', makeCertificate(ours, { ...HERE, verdict: 'not-empty', camera: 'empty' }), ['negativeVerdict']],
  ['a package in place of one', whole, ['notNegative']],
];

test.each(wrong)('%s is seen under a right signature of the package, and no second of the footage suffers', async (_, parts, faults) => {
  const result = await check(withOne(parts));
  expect(codes(result).sort()).toEqual([...faults].sort());
  for (const { file } of result.faults) expect(file.startsWith(NAME)).toBe(true);
  expect(result.cameras[0]!.spans).toEqual((await check(whole)).cameras[0]!.spans);
});

test('one under the number of another, one that is none, and one that the manifest does not list are seen', async () => {
  expect(codes(await check(withOne(good, 'certificates/CC-2026-0009.zip')))).toEqual(['packedPlace']);
  expect(codes(await check(signed(new Map(whole).set('certificates/a.txt', new Uint8Array(200)), ours)))).toEqual(['cutOff']);
  expect(codes(await check(new Map([[NAME, pack(good)], ...whole])))).toContain('fileCount');
  const without = new Map([...withOne(good)].filter(([name]) => name !== NAME));
  expect(codes(await check(without))).toContain('fileCount');
});

test('whatever byte of it is changed, it is seen', async () => {
  const data = pack(good);
  for (let i = 1; i < data.length; i += 97) {
    const changed = data.slice();
    changed[i]! ^= 0x10;
    expect(outcomeOf(await check(new Map(withOne(good)).set(NAME, changed)), 'unasked'), `byte ${i}`).toBe('bad');
    expect(outcomeOf(await check(signed(new Map(whole).set(NAME, changed), ours)), 'unasked'), `byte ${i}, signed anew`).toBe('bad');
  }
});
