import { expect, test } from 'vitest';
import { BEHIND_MS, PictureGate, QUEUE_LIMIT, QUEUE_MOST, SPARSE_MS, START_MOST, START_MS } from './picture-gate';

const picture = (sequence: number, key = false, discontinuity = false) => ({ sequence, key, discontinuity });
const gateOf = () => new PictureGate(() => 0.5);

/** A gate in the middle of things: started long ago, its last picture number 10. */
function running() {
  const gate = gateOf();
  gate.admit(picture(10, true), 0, 0);
  return { gate, now: START_MS + 1 };
}

/** As above, after a decoder that stood over the limit for too long. */
function behind() {
  const { gate, now } = running();
  expect(gate.admit(picture(11), QUEUE_LIMIT, now)).toBe('decode');
  expect(gate.admit(picture(12), QUEUE_LIMIT, now + BEHIND_MS)).toBe('drop');
  return { gate, now: now + BEHIND_MS };
}

test('nothing is decoded before the first key picture', () => {
  const gate = gateOf();
  expect(gate.admit(picture(5), 0, 0)).toBe('drop');
  expect(gate.admit(picture(6, true), 0, 0)).toBe('decode');
  expect(gate.admit(picture(7), 0, 0)).toBe('decode');
});

test('a hole in the sequence drops to the next key picture', () => {
  const gate = gateOf();
  gate.admit(picture(1, true), 0, 0);
  expect(gate.admit(picture(3), 0, 0)).toBe('drop');
  expect(gate.admit(picture(4), 0, 0)).toBe('drop');
  expect(gate.admit(picture(5, true), 0, 0)).toBe('decode');
  expect(gate.dropped).toBe(2);
});

test('a hole before a key picture costs nothing', () => {
  const gate = gateOf();
  gate.admit(picture(1, true), 0, 0);
  expect(gate.admit(picture(9, true), 0, 0)).toBe('decode');
  expect(gate.dropped).toBe(0);
});

test('times that begin anew stop no picture while none is missing', () => {
  const gate = gateOf();
  gate.admit(picture(1, true), 0, 0);
  expect(gate.admit(picture(2, false, true), 0, 0)).toBe('decode');
  expect(gate.admit(picture(4, false, true), 0, 0)).toBe('drop');
});

test('all that comes at once in the beginning is decoded', () => {
  const gate = gateOf();
  gate.admit(picture(0, true), 0, 0);
  for (let i = 1; i < 150; i++) expect(gate.admit(picture(i), i, i * 20)).toBe('decode');
  expect(gate.sparse(3_000)).toBe(false);
});

test('a burst after a stalled network is decoded', () => {
  const { gate, now } = running();
  for (let i = 0; i < 40; i++) expect(gate.admit(picture(11 + i), i, now + i)).toBe('decode');
  expect(gate.admit(picture(51), 0, now + BEHIND_MS)).toBe('decode');
  expect(gate.admit(picture(52), QUEUE_LIMIT, now + 2 * BEHIND_MS)).toBe('decode');
});

test('a decoder that stays behind gets key pictures only, the first without what still waits', () => {
  const { gate, now } = behind();
  expect(gate.sparse(now)).toBe(true);
  expect(gate.admit(picture(13, true), QUEUE_LIMIT, now + 100)).toBe('fresh');
  expect(gate.admit(picture(14), 0, now + 200)).toBe('drop');
  expect(gate.admit(picture(15, true), 0, now + 2_000)).toBe('decode');
  expect(gate.admit(picture(16, true), 2, now + 3_000)).toBe('drop');
});

test('after a while it is tried with all pictures again', () => {
  const { gate, now } = behind();
  gate.admit(picture(13, true), 0, now);
  expect(gate.admit(picture(14, true), 0, now + SPARSE_MS)).toBe('decode');
  expect(gate.sparse(now + SPARSE_MS)).toBe(false);
  expect(gate.admit(picture(15), 0, now + SPARSE_MS)).toBe('decode');
});

test('a try that fails soon is repeated later, one that failed late as soon as before', () => {
  const { gate, now } = behind();
  gate.admit(picture(13, true), 0, now);
  let at = now + SPARSE_MS;
  gate.admit(picture(14, true), 0, at);
  gate.admit(picture(15), QUEUE_LIMIT, at);
  gate.admit(picture(16), QUEUE_LIMIT, (at += BEHIND_MS));
  expect([gate.sparse(at + 2 * SPARSE_MS - 1), gate.sparse(at + 2 * SPARSE_MS)]).toEqual([true, false]);
  at += 2 * SPARSE_MS;
  gate.admit(picture(17, true), 0, at);
  at += 20_000;
  gate.admit(picture(18), QUEUE_LIMIT, at);
  gate.admit(picture(19), QUEUE_LIMIT, (at += BEHIND_MS));
  expect([gate.sparse(at + SPARSE_MS - 1), gate.sparse(at + SPARSE_MS)]).toEqual([true, false]);
});

test('a viewer who joins at the end of a group of a minute sees all of it, while the decoder gets through', () => {
  const gate = gateOf();
  gate.admit(picture(0, true), 0, 0);
  let sequence = 1;
  for (; sequence < 1_500; sequence++) expect(gate.admit(picture(sequence), sequence, sequence / 2)).toBe('decode');
  let queued = 1_500;
  for (let now = 800; queued > 0; now += 40, queued -= 4) expect(gate.admit(picture(sequence++), queued, now)).toBe('decode');
  expect(gate.dropped).toBe(0);
});

test('a decoder that does not get through what came in the beginning gets key pictures only', () => {
  const gate = gateOf();
  gate.admit(picture(0, true), 0, 0);
  let sequence = 1;
  for (; sequence < 600; sequence++) gate.admit(picture(sequence), sequence, 0);
  let now = 0;
  for (let verdict = 'decode'; verdict !== 'drop' && now < 60_000; now += 40) verdict = gate.admit(picture(sequence++), 600, now);
  expect(now).toBeLessThan(START_MS + 2 * BEHIND_MS);
  expect(gate.sparse(now)).toBe(true);
});

test('more than can be caught up with is not waited for: much in the beginning, less later', () => {
  const gate = gateOf();
  gate.admit(picture(1, true), 0, 0);
  expect(gate.admit(picture(2), START_MOST, 10)).toBe('drop');
  const { gate: later, now } = running();
  expect(later.admit(picture(11), 0, now)).toBe('decode');
  expect(later.admit(picture(12), QUEUE_MOST, now + 1)).toBe('drop');
});

test('a failed decoder begins again with a key picture', () => {
  const gate = gateOf();
  gate.admit(picture(1, true), 0, 0);
  gate.reset();
  expect(gate.admit(picture(2), 0, 0)).toBe('drop');
  expect(gate.admit(picture(40, true), 0, 0)).toBe('decode');
});
