import { expect, test } from 'vitest';
import { notices } from './notices.svelte';

test('what is said while a sheet is open is said in it, and on the page when it has closed', () => {
  const [below, above] = [{}, {}];
  notices.say('Đã đổi tên điện thoại.');
  const seen = (place: object | null) => notices.in(place).map(({ text }) => text);
  expect(seen(null)).toEqual(['Đã đổi tên điện thoại.']);
  const closeBelow = notices.over(below);
  const closeAbove = notices.over(above);
  expect([seen(null), seen(below), seen(above)]).toEqual([[], [], ['Đã đổi tên điện thoại.']]);
  closeAbove();
  expect([seen(null), seen(below)]).toEqual([[], ['Đã đổi tên điện thoại.']]);
  closeBelow();
  expect(seen(null)).toEqual(['Đã đổi tên điện thoại.']);
});
