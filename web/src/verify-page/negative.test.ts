import { expect, test } from 'vitest';
import en from '../texts/en/verify-page.json';
import { checkPackage, type Result } from './check';
import { certified, makeCertificate, type Told } from './made-certificate';
import { BEGIN, edited, Signer, zipOf, type Parts } from './made-package';
import { NEGATIVE_VERDICTS } from './negative';
import { keyState, outcomeOf, resultJson } from './result';
import { Source } from './source';

const ours = new Signer(new Uint8Array(32).fill(1));
const stranger = new Signer(new Uint8Array(32).fill(2));
const whole = makeCertificate(ours);

const check = (parts: Parts): Promise<Result> => checkPackage(new Source(zipOf(parts)));
const codes = ({ faults }: Result) => faults.map(({ code }) => code);
const at = (second: number) => BEGIN + second * 1_000_000;
const moved: Told = { verdict: 'not-empty', moved: `[${at(30)},${at(31)}]`, cells: '[3,1,0]' };

test('a certificate as the node made it holds, by the key that somebody has from elsewhere', async () => {
  const result = await check(whole);
  expect(codes(result)).toEqual([]);
  expect(result.negative!.cameras.map(({ name, verdict }) => [name, verdict])).toEqual([['Cổng', 'empty']]);
  expect(result.manifest!.number).toBe('CC-2026-0008');
  expect(outcomeOf(result, keyState(result, null))).toBe('unconfirmed');
  expect(outcomeOf(result, keyState(result, ours.key.fingerprint))).toBe('good');
  const told = resultJson('a.zip', result, 'same');
  expect(told).toMatchObject({ passed: true, cameras: 1, faults: [], seconds: [] });
  expect(told['notes']).toEqual([
    'negative certificate CC-2026-0008: NOTHING MOVED in the regions, and all of the time was seen',
    'camera 01010101-0101-4101-8101-010101010101: empty; without pictures 0 times (0 s), movement 0 times (0 s), not seen 0 times (0 s), seen in part 0 times (0 s), by key pictures alone 0 s; clock within 1 s of NTP',
  ]);
  expect(outcomeOf(await check(makeCertificate(stranger)), 'other')).toBe('otherKey');
});

const honest: [string, Told][] = [
  ['movement', moved],
  ['a gap', { verdict: 'not-proven', gaps: `[${at(5)},${at(9)},"camera-offline"]` }],
  ['a time that was not seen', { verdict: 'not-proven', unknown: `[${at(5)},${at(6)}]` }],
  ['a time that was seen in part', { verdict: 'not-proven', partly: `[${at(5)},${at(6)}]`, cells: '[0,0,1]' }],
  ['a clock that was not right', { verdict: 'not-proven', ntp: 1_000_000 }],
];

test.each(honest)('%s is told, and no other verdict follows from it', async (_, told) => {
  const result = await check(makeCertificate(ours, told));
  expect(codes(result)).toEqual([]);
  expect(result.negative!.verdict).toBe(told.verdict);
  for (const verdict of NEGATIVE_VERDICTS.filter((one) => one !== told.verdict)) {
    expect(codes(await check(makeCertificate(ours, { ...told, verdict })))).toEqual(['negativeVerdict', 'negativeCamera']);
    expect(codes(await check(makeCertificate(ours, { ...told, camera: verdict })))).toEqual(['negativeCamera']);
  }
});

const impossible: [string, Told][] = [
  ['movement without a cell', { ...moved, cells: '' }],
  ['a cell outside of the region', { ...moved, cells: '[16,1,0]' }],
  ['a cell of no picture', { ...moved, cells: '[576,1,0]' }],
  ['cells out of order', { ...moved, cells: '[3,1,0],[2,1,0]' }],
  ['a span behind what was asked for', { ...moved, moved: `[${at(60)},${at(62)}]` }],
  ['spans that overlap', { ...moved, moved: `[${at(5)},${at(7)}],[${at(6)},${at(8)}]` }],
  ['a span that ends before it begins', { ...moved, moved: `[${at(7)},${at(6)}]` }],
];

test.each(impossible)('%s cannot be', async (_, told) => {
  expect(codes(await check(makeCertificate(ours, told)))).toContain('negativeSpans');
});

test('whoever tampers with it is seen', async () => {
  expect(codes(await check(edited(whole, 'certificate.json', '"60,0,'.slice(1), '61,0,')))).toEqual(['negativeSignature']);
  expect(codes(await check(edited(whole, 'report.pdf', 'paper', 'pager')))).toEqual(['negativeFile']);
  expect(codes(await check(new Map([...whole, ['a.txt', new Uint8Array(3)]])))).toEqual(['negativeFiles', 'negativeFile']);
  expect(codes(await check(new Map([...whole].filter(([name]) => name !== 'report.pdf'))))).toContain('negativeFiles');
  expect(codes(await check(certified(whole, stranger)))).toEqual(['negativeKey']);
  for (const told of [{ region: 'ffff' }, { region: 'z'.repeat(144) }, { verdict: 'nothing' }, { gaps: `[${at(1)},${at(2)},"boredom"]` }, { moved: `[${at(1)}]` }])
    expect(codes(await check(makeCertificate(ours, told)))).toEqual(['notNegative']);
});

test('whatever byte is changed, it is seen', async () => {
  const data = new Uint8Array(await zipOf(whole).arrayBuffer());
  for (let i = 1; i < data.length; i += 13) {
    const changed = data.slice();
    changed[i]! ^= 0x10;
    expect(outcomeOf(await checkPackage(new Source(new Blob([changed]))), 'unasked'), `byte ${i}`).toBe('bad');
  }
});

test('each verdict has its words', () => {
  for (const verdict of NEGATIVE_VERDICTS) for (const key of [`verify.note.negative.${verdict}`, `verify.negative.${verdict}`]) expect(en).toHaveProperty([key]);
});
