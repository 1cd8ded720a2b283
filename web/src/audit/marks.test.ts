import { expect, test } from 'vitest';
import type { AuditMark } from '../api/types';
import { judgedText, markFilter, markSentence, markTime } from './marks';

const ZONE = 'Asia/Ho_Chi_Minh';
const camera = (id: string, name: string) => ({ id, name });
const mark = (change: Partial<AuditMark>): AuditMark => ({
  id: 'same-camera-without-case.16',
  kind: 'same-camera-without-case',
  actor: 'a1',
  actor_name: 'minh',
  from: '2026-11-28T14:00:00.000Z',
  to: '2026-11-28T14:40:00.000Z',
  count: 12,
  cameras: [camera('c1', 'Cổng chợ')],
  seqs: [4],
  judged: null,
  ...change,
});

test('a mark says what was done, of which camera, and which case came behind', () => {
  expect(markSentence(mark({}))).toBe('Xem Cổng chợ 12 lần trong 7 ngày, không theo vụ việc nào, hoặc theo vụ việc do chính mình lập');
  expect(markSentence(mark({ kind: 'bulk-viewing', cameras: [camera('c1', 'A'), camera('c2', 'B')] }))).toContain('2 camera');
  expect(markSentence(mark({ kind: 'off-shift', count: 1 }))).toContain('Cổng chợ');
  expect(markSentence(mark({ kind: 'case-after-view', case: 'VV-2026-0004' }))).toContain('VV-2026-0004');
  expect(markSentence(mark({ cameras: [camera('c1', '')] }))).not.toContain('  ');
});

test('its time names the second day only where it is another one', () => {
  expect(markTime(mark({}), ZONE, 'vi').match(/28\/11/g)).toHaveLength(1);
  expect(markTime(mark({ to: '2026-11-28T18:00:00.000Z' }), ZONE, 'vi')).toMatch(/28\/11.*29\/11/);
});

test('its lines are those of the person on those days of the site, of one camera where it is one', () => {
  const late = mark({ from: '2026-11-28T18:00:00.000Z', to: '2026-11-28T18:00:00.000Z' });
  expect(markFilter(late, ZONE)).toMatchObject({ actor: 'a1', camera: 'c1', from: '2026-11-29', to: '2026-11-29' });
  expect(markFilter(mark({ cameras: [camera('c1', 'A'), camera('c2', 'B')] }), ZONE).camera).toBe('');
});

test('what was judged of it is told with its reason', () => {
  expect(judgedText({ verdict: 'misuse', note: 'Xem xe nhà bên', by: null, at: '2026-11-29T01:00:00.000Z' })).toBe('Xem sai mục đích: Xem xe nhà bên');
});
