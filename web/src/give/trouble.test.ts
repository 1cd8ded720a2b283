import { expect, test } from 'vitest';
import { Refused } from '../report-form/send';
import { isOver, trouble } from './trouble';

const told = (status: number, code = '') => trouble(new Refused(status, 0, code));

test('no room, a full disk, a busy server and a dead line are told apart', () => {
  const all = [told(507, 'given-full'), told(507, 'full'), told(503), told(0), told(422, 'given-large'), told(422, 'given-many'), told(422, 'given-kind'), told(400)];
  expect(new Set(all).size).toBe(all.length);
});

test('a busy server says that what was sent is there', () => {
  for (const status of [429, 500, 503]) expect(told(status)).toBe(told(503));
  expect(told(503)).not.toBe(told(507));
});

test('a request that was withdrawn on the way is told apart from a file that is wrong', () => {
  expect(isOver(new Refused(400, 0, 'given-over'))).toBe(true);
  for (const other of [new Refused(400, 0, 'invalid'), new Refused(422, 0, 'given-kind'), new Refused(0, 0), new Error()]) expect(isOver(other)).toBe(false);
});
