import { expect, test } from 'vitest';
import { matches, plain } from './search';

test('marks and case do not matter', () => {
  expect(plain('Cổng chợ Đông')).toBe('cong cho dong');
  expect(matches('cong CHO', { name: 'Cổng chợ' })).toBe(true);
});

test('words may come from the village too, in any order', () => {
  const place = { name: 'Ngã ba', village: 'Bản Khá' };
  expect(matches('kha nga', { name: 'Ngã ba 1' }, place)).toBe(true);
  expect(matches('kha cho', { name: 'Ngã ba 1' }, place)).toBe(false);
});

test('no words find every camera', () => {
  expect(matches('  ', { name: 'Cổng chợ' })).toBe(true);
});
