import { beforeEach, expect, test } from 'vitest';
import type { AuditLine } from '../api/types';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { NO_FILTER, auditQuery, changeTexts, csvUrl, filterCount, sentence } from './audit';

const ZONE = 'Asia/Ho_Chi_Minh';

function line(part: Partial<AuditLine>): AuditLine {
  return {
    seq: 1,
    time: '2026-11-28T14:10:00.000Z',
    actor: null,
    actor_name: null,
    device: null,
    address: null,
    action: 'sign-in',
    kind: 'sign-in',
    object: null,
    object_name: null,
    reason: null,
    result: 'ok',
    refused: false,
    from: null,
    to: null,
    changes: [],
    ...part,
  };
}

beforeEach(() => void (texts.language = 'vi'));

test('a look at footage says what was seen, and the day only where it is another', () => {
  const seen = line({ action: 'replay-end', object: 'x', object_name: 'Cổng chợ', from: '2026-11-28T14:00:00.000Z', to: '2026-11-28T14:05:30.000Z' });
  expect(sentence(seen, ZONE, 'vi')).toBe('Đã xem lại Cổng chợ, đoạn 21:00:00 – 21:05:30');
  const before = { ...seen, from: '2026-11-27T14:00:00.000Z', to: '2026-11-27T14:05:30.000Z' };
  expect(sentence(before, ZONE, 'vi')).toMatch(/đoạn .*27.* 21:00:00 – 21:05:30$/);
});

test('a live view says how long it was', () => {
  const view = line({ action: 'live-end', object: 'x', object_name: 'Cầu', from: '2026-11-28T14:00:00.000Z', to: '2026-11-28T14:06:10.000Z' });
  expect(sentence(view, ZONE, 'vi')).toBe('Đã xem trực tiếp Cầu trong 6 phút');
  texts.language = 'en';
  expect(sentence(view, ZONE, 'en')).toBe('Watched Cầu live for 6 minutes');
});

test('what was refused is said to be, and what has no words yet is still told', () => {
  expect(sentence(line({ refused: true, result: 'refused' }), ZONE, 'vi')).toBe('Bị từ chối: đăng nhập');
  expect(sentence(line({ refused: true, object: 'x', object_name: 'truc-ban' }), ZONE, 'vi')).toBe('Bị từ chối: đăng nhập tài khoản truc-ban');
  expect(sentence(line({ action: 'brew-tea' }), ZONE, 'vi')).toContain('brew-tea');
});

test('a sign-in in two steps is told step by step', () => {
  const of = { object: 'x', object_name: 'truc-ban' };
  expect(sentence(line({ ...of, result: 'code-asked' }), ZONE, 'vi')).toBe('Nhập đúng mật khẩu của truc-ban, còn chờ mã');
  expect(sentence(line({ ...of, result: 'wrong-code', refused: true }), ZONE, 'vi')).toBe('Bị từ chối: đăng nhập tài khoản truc-ban');
  expect(sentence(line({ result: 'ok-recovery-code' }), ZONE, 'vi')).toBe('Đăng nhập bằng mã dự phòng');
});

test('a camera that is gone leaves no hole in the sentence', () => {
  expect(sentence(line({ action: 'live', object: 'x' }), ZONE, 'vi')).toBe('Bắt đầu xem trực tiếp (đã bị xóa)');
});

test('changes are told in words, secrets and ids by their field alone', () => {
  const edit = line({
    changes: [
      { field: 'retention_days', before: '30', after: '14' },
      { field: 'paused', before: 'false', after: 'true' },
      { field: 'password', before: '', after: '' },
      { field: 'location', before: '', after: '01234567-89ab-cdef-0123-456789abcdef' },
    ],
  });
  expect(changeTexts(edit)).toEqual(['Số ngày giữ: 30 → 14', 'Tạm dừng: không → có', 'Mật khẩu', 'Địa điểm']);
});

test('roles and states are told in words, and what is not known as empty', () => {
  const edit = line({
    changes: [
      { field: 'totp_roles', before: '', after: 'admin officer' },
      { field: 'state', before: 'open', after: 'done' },
      { field: 'cost', before: '-1', after: '350000' },
      { field: 'longitude', before: '-1', after: '103.15' },
    ],
  });
  expect(changeTexts(edit)).toEqual([
    'Vai trò phải xác thực hai bước: trống → Quản trị, Cán bộ trực',
    'Tình trạng: Mới báo → Đã sửa xong',
    'Chi phí: trống → 350000',
    'Kinh độ: -1 → 103.15',
  ]);
});

test('the shift plan is told by day, and by who came to a shift or left it', () => {
  const id = '01234567-89ab-cdef-0123-456789abcdef';
  const edit = line({
    action: 'shift-edit',
    object: 'tue',
    changes: [
      { field: '22:00-06:00', before: '', after: id },
      { field: '07:00-19:00', before: id, after: '' },
    ],
  });
  expect(sentence(edit, ZONE, 'vi')).toBe('Sửa lịch trực thứ Ba');
  expect(sentence({ ...edit, object: '2026-12-24' }, ZONE, 'vi')).toBe('Sửa lịch trực 24/12');
  expect(changeTexts(edit, [{ id, name: 'lan' }])).toEqual(['22:00–06:00: thêm lan', '07:00–19:00: bớt lan']);
});

test('the last day of a filter is asked for whole, in the time of the site', () => {
  const filter = { ...NO_FILTER, from: '2026-11-27', to: '2026-11-28', refused: true };
  expect(auditQuery(filter, ZONE)).toEqual({ refused: 'true', from: '2026-11-26T17:00:00.000Z', to: '2026-11-28T17:00:00.000Z' });
  expect(auditQuery({ ...NO_FILTER, number: ' bc-2026-0007' }, ZONE)).toEqual({ number: 'BC-2026-0007' }); // as a thumb types it
  expect(filterCount(filter)).toBe(3);
  expect(csvUrl(NO_FILTER, ZONE)).toBe('/api/v1/audit.csv');
});
