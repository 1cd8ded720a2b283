import { expect, test } from 'vitest';
import { clipName, clipUrl } from './clip';

const VN = 'Asia/Ho_Chi_Minh';
const from = Date.parse('2026-11-24T14:04:09Z');

test('the name of a clip tells camera, time and length, in plain letters', () => {
  expect(clipName('Cổng chợ Đông (2)', from, from + 60_000, VN)).toBe('cong-cho-dong-2-20261124-210409-60s.mp4');
  expect(clipName('???', from, from + 1500, VN)).toBe('camera-20261124-210409-2s.mp4');
});

test('the address of a clip holds its times in UTC', () => {
  expect(clipUrl('c1', from, from + 1000, 'a b.mp4')).toBe(
    '/api/v1/cameras/c1/clip.mp4?from=2026-11-24T14%3A04%3A09.000Z&to=2026-11-24T14%3A04%3A10.000Z&name=a%20b.mp4',
  );
});
