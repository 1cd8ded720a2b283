import { expect, test } from 'vitest';
import { Problem } from '../api/client';
import type { Package } from '../api/types';
import { askAddress, footageOf, grouped, isApprovable, lackOf, linkFits, mayDecide, mayDrop, mayRedact, refusalText, standing, stateText } from './packages';

const officer = { id: 'officer', approves: false };
const commander = { id: 'commander', approves: true };

const made = (part: Partial<Package> = {}): Package => ({
  id: 'p',
  number: 'CC-2026-0007',
  case: 'VV-2026-0042',
  reason: 'va chạm',
  state: 'asked',
  approval: 'before',
  approved: false,
  may_leave: false,
  cameras: ['a'],
  from: '2026-11-24T14:00:00.000Z',
  to: '2026-11-24T14:10:00.000Z',
  asked_by: { id: 'officer', name: 'officer' },
  asked_at: '2026-11-24T15:00:00.000Z',
  copies: [],
  redacted: [],
  given: [],
  certificates: [],
  ...part,
});

test('a second person decides, never who asked, and only once', () => {
  expect(mayDecide(made(), commander)).toBe(true);
  expect(mayDecide(made(), officer)).toBe(false);
  expect(mayDecide(made({ asked_by: { id: 'commander', name: 'c' } }), commander)).toBe(false);
  expect(mayDecide(made({ decided_at: '2026-11-24T15:01:00.000Z' }), commander)).toBe(false);
  expect(mayDecide(made({ state: 'done', approval: 'within-24h', may_leave: true }), commander)).toBe(true);
  expect(mayDecide(made({ state: 'done', approval: 'none', may_leave: true }), commander)).toBe(false);
});

test('what has a certificate that was refused is approved by nobody', () => {
  const certificate = (refused: boolean) => ({ id: 'c', number: 'CC-2026-0006', verdict: 'empty' as const, manifest: '', from: '', to: '', refused });
  expect(isApprovable(made({ certificates: [certificate(false)] }))).toBe(true);
  expect(isApprovable(made({ certificates: [certificate(false), certificate(true)] }))).toBe(false);
});

test('a certificate that was rejected while it was asked for is told in the words of whoever reads', () => {
  expect(refusalText(new Problem(409, '', 'a certificate', 'certificate-gone'))).toMatch(/giấy xác nhận/i);
});

test('who asked takes it back until it is made; what is made is removed by who approves', () => {
  expect(mayDrop(made(), officer)).toBe(true);
  expect(mayDrop(made(), { id: 'other', approves: false })).toBe(false);
  expect(mayDrop(made({ state: 'done' }), officer)).toBe(false);
  expect(mayDrop(made({ state: 'done' }), commander)).toBe(true);
  expect(mayDrop(made({ state: 'removed' }), commander)).toBe(false);
});

test('what waits for oneself comes first', () => {
  const all = [made({ id: '1', state: 'done', may_leave: true, decided_at: 'x', approved: true }), made({ id: '2', state: 'cancelled' }), made({ id: '3' })];
  expect(grouped(all, commander).map(({ group, packages }) => [group, packages.map(({ id }) => id)])).toEqual([['decide', ['3']], ['ready', ['1']], ['over', ['2']]]);
  expect(grouped(all, officer).map(({ group }) => group)).toEqual(['open', 'ready', 'over']);
});

test('its state is told with how far it is, and that it is late', () => {
  expect(stateText(made({ state: 'waiting', progress: { redacted: 1, done: 1 << 20, total: 2 << 20 } }))).toBe('Đang lập: 1 MB trên 2 MB');
  expect(stateText(made({ state: 'waiting', progress: { redacted: 0, done: 0, total: 0 } }))).toBe('Đang niêm phong hình vừa ghi…');
  expect(stateText(made({ state: 'waiting', progress: { redacted: 0.378, done: 0, total: 0 } }))).toBe('Đang làm bản sao đã che: 37 %');
  expect(stateText(made({ state: 'done', approval: 'within-24h' }))).toBe('Quá 24 giờ chưa duyệt: không được bàn giao');
});

test('what a household took back leaves no more, and that is said', () => {
  const given = [{ file: 'f', type: 'video/mp4', size: 40, sha256: '0', taken_back: true }];
  expect(stateText(made({ state: 'done', given }))).toBe('Hộ dân đã lấy lại hình: không được bàn giao');
  const certificates = [{ id: 'c', number: 'CC-2026-0008', verdict: 'empty' as const, manifest: '0', from: '', to: '', refused: true }];
  expect(stateText(made({ state: 'done', certificates }))).toBe('Giấy xác nhận trong gói không được duyệt: không được bàn giao');
});

test('what is missing is told before it is sent', () => {
  const whole = { number: 'VV-2026-0042', reason: 'va chạm', basis: 'Điều 59', cameras: ['a'], from: 1_000, to: 2_000, redacted: [], given: [], certificates: null, masked: false, unmasked: false };
  expect(lackOf(whole, 3_000)).toBe('');
  expect(lackOf({ ...whole, cameras: [] }, 3_000)).toBe('cameras');
  expect(lackOf({ ...whole, cameras: [], given: ['f'] }, 3_000)).toBe('');
  expect(lackOf({ ...whole, number: ' ' }, 3_000)).toBe('case');
  expect(lackOf({ ...whole, reason: 'ab ' }, 3_000)).toBe('reason');
  expect(lackOf({ ...whole, basis: ' ab' }, 3_000)).toBe('basis');
  expect(lackOf({ ...whole, basis: '', regions: {} }, 3_000)).toBe('');
  expect(lackOf({ ...whole, to: 1_000 }, 3_000)).toBe('span');
  expect(lackOf(whole, 1_500)).toBe('span');
  expect(lackOf({ ...whole, masked: true }, 3_000)).toBe('unmasked');
  expect(lackOf({ ...whole, masked: true, unmasked: true }, 3_000)).toBe('');
  expect(linkFits({ days: 30, downloads: 20 })).toBe(true);
  expect(linkFits({ days: 31, downloads: 1 })).toBe(false);
  expect(linkFits({ days: 1.5, downloads: 1 })).toBe(false);
  expect(askAddress(['a', 'b'], 0, 1_000)).toBe('/packages/new?cameras=a%2Cb&from=1970-01-01T00%3A00%3A00.000Z&to=1970-01-01T00%3A00%3A01.000Z');
});

test('a case brings the footage that was found for it, else the time when it happened', () => {
  const span = { from: '2026-11-24T14:00:00.000Z', to: '2026-11-24T15:00:00.000Z' };
  expect(footageOf(span)).toEqual({ cameras: [], from: Date.parse(span.from), to: Date.parse(span.to) });
  const footage = (n: number, camera: string, from: string, to: string) => ({ n, kind: 'footage' as const, at: span.to, camera, from, to });
  const items = [
    footage(1, 'a', '2026-11-24T14:10:00.000Z', '2026-11-24T14:11:00.000Z'),
    { n: 2, kind: 'note' as const, at: span.to, text: 'x' },
    footage(3, 'b', '2026-11-24T14:05:00.000Z', '2026-11-24T14:06:00.000Z'),
    footage(4, 'a', '2026-11-24T14:12:00.000Z', '2026-11-24T14:13:00.000Z'),
  ];
  expect(footageOf({ ...span, items })).toEqual({ cameras: ['a', 'b'], from: Date.parse('2026-11-24T14:05:00.000Z'), to: Date.parse('2026-11-24T14:13:00.000Z') });
  expect(askAddress(['a'], 0, 1_000, 'VV-2026-0042')).toContain('&case=VV-2026-0042');
});

test('a redacted copy goes along as long as its footage is asked for, an hour at most', () => {
  const copy = { camera: 'a', from: 1_000, to: 2_000, sound: false, boxes: [] };
  expect(standing([copy], ['a', 'b'], 1_000, 2_000)).toEqual([copy]);
  expect(standing([copy], ['b'], 1_000, 2_000)).toEqual([]);
  expect(standing([copy], ['a'], 1_001, 2_000)).toEqual([]);
  expect(mayRedact(0, 3_600_000)).toBe(true);
  expect(mayRedact(0, 3_600_001)).toBe(false);
  expect(mayRedact(5, 5)).toBe(false);
});
