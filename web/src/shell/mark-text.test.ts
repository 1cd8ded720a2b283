import { expect, test } from 'vitest';
import { markText } from './mark-text';

const at = Date.parse('2026-11-30T14:05:40Z');

test('the mark over pictures says who looks, with what and when, to the minute', () => {
  expect(markText({ name: 'Công an xã', device: 'Android · Chrome' }, at, 'Asia/Ho_Chi_Minh', 'vi')).toBe('Công an xã · Android · Chrome · 30/11 21:05');
  expect(markText({ name: '', device: '' }, at, 'Asia/Ho_Chi_Minh', 'vi')).toBe('30/11 21:05');
});
