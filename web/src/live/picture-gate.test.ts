import { expect, test } from 'vitest';
import { PictureGate, QUEUE_LIMIT } from './picture-gate';

const picture = (sequence: number, key = false, discontinuity = false) => ({ sequence, key, discontinuity });

test('nothing is decoded before the first key picture', () => {
  const gate = new PictureGate();
  expect(gate.admit(picture(5), 0)).toBe(false);
  expect(gate.admit(picture(6, true), 0)).toBe(true);
  expect(gate.admit(picture(7), 0)).toBe(true);
});

test('a hole in the sequence drops to the next key picture', () => {
  const gate = new PictureGate();
  gate.admit(picture(1, true), 0);
  expect(gate.admit(picture(3), 0)).toBe(false);
  expect(gate.admit(picture(4), 0)).toBe(false);
  expect(gate.admit(picture(5, true), 0)).toBe(true);
  expect(gate.dropped).toBe(2);
});

test('a hole before a key picture costs nothing', () => {
  const gate = new PictureGate();
  gate.admit(picture(1, true), 0);
  expect(gate.admit(picture(9, true), 0)).toBe(true);
  expect(gate.dropped).toBe(0);
});

test('a discontinuity waits for a key picture', () => {
  const gate = new PictureGate();
  gate.admit(picture(1, true), 0);
  expect(gate.admit(picture(2, false, true), 0)).toBe(false);
  expect(gate.admit(picture(3, true, true), 0)).toBe(true);
});

test('a decoder that falls behind is given a rest up to the next key picture it has room for', () => {
  const gate = new PictureGate();
  gate.admit(picture(1, true), 0);
  expect(gate.admit(picture(2), QUEUE_LIMIT)).toBe(false);
  expect(gate.admit(picture(3), 0)).toBe(false);
  expect(gate.admit(picture(4, true), QUEUE_LIMIT)).toBe(false);
  expect(gate.admit(picture(5), 0)).toBe(false);
  expect(gate.admit(picture(6, true), 0)).toBe(true);
});

test('a failed decoder begins again with a key picture', () => {
  const gate = new PictureGate();
  gate.admit(picture(1, true), 0);
  gate.reset();
  expect(gate.admit(picture(2), 0)).toBe(false);
  expect(gate.admit(picture(40, true), 0)).toBe(true);
});
