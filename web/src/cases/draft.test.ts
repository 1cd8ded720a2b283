import { expect, test } from 'vitest';
import { draftOf, wishOf } from './draft';
import type { Case } from './types';

const ZONE = 'Asia/Ho_Chi_Minh';
const NOW = Date.parse('2026-11-29T15:00:00.000Z');

const stands: Case = {
  id: 'c1', number: 'VV-2026-0001', kind: 'fight', state: 'new', state_at: '2026-11-29T14:40:00.000Z', overdue: false, opened_at: '2026-11-29T14:40:00.000Z', title: 'Ở chợ', location: 'l1',
  from: '2026-11-29T14:05:17.250Z', to: '2026-11-29T14:30:41.000Z', revision: 3, reports: [], counts: { reports: 0, items: 0, holds: 0 },
};

test('what was not touched is not sent, and keeps its milliseconds', () => {
  expect(wishOf(draftOf(stands, NOW, ZONE), stands, NOW, ZONE)).toEqual({ fault: '', wish: {} });
  const later = { ...draftOf(stands, NOW, ZONE), toTime: '21:45' };
  expect(wishOf(later, stands, NOW, ZONE).wish).toEqual({ from: '2026-11-29T14:05:17.250Z', to: '2026-11-29T14:45:00.000Z' });
  expect(wishOf({ ...draftOf(stands, NOW, ZONE), title: ' Sau chợ ' }, stands, NOW, ZONE).wish).toEqual({ title: 'Sau chợ' });
});

test('a title can be taken away, a place be set by hand', () => {
  const draft = { ...draftOf(stands, NOW, ZONE), title: '', place: { lat: 21.4, lon: 103.1 } };
  expect(wishOf(draft, stands, NOW, ZONE).wish).toEqual({ title: '', place: { lat: 21.4, lon: 103.1 } });
});

test('a new one needs what, when and where', () => {
  const empty = draftOf(null, NOW, ZONE);
  const full = { ...empty, kind: 'theft' as const, where: 'Bờ suối' };
  expect(wishOf(empty, null, NOW, ZONE).fault).toBe('kind');
  expect(wishOf({ ...full, where: ' ' }, null, NOW, ZONE).fault).toBe('where');
  expect(wishOf({ ...full, toTime: '' }, null, NOW, ZONE).fault).toBe('none');
  expect(wishOf({ ...full, fromTime: '22:00', toTime: '21:00' }, null, NOW, ZONE).fault).toBe('none');
  expect(wishOf({ ...full, toDate: '2026-11-30' }, null, NOW, ZONE).fault).toBe('future');
  expect(wishOf(full, null, NOW, ZONE)).toEqual({ fault: '', wish: { kind: 'theft', where: 'Bờ suối', from: '2026-11-29T14:30:00.000Z', to: '2026-11-29T15:00:00.000Z' } });
});

test('an old case is edited without its time being asked for anew', () => {
  const old = { ...stands, from: '2026-01-02T01:00:00.000Z', to: '2026-01-02T02:00:00.000Z' };
  expect(wishOf({ ...draftOf(old, NOW, ZONE), where: 'Nhà văn hóa' }, old, NOW, ZONE)).toEqual({ fault: '', wish: { where: 'Nhà văn hóa' } });
});
