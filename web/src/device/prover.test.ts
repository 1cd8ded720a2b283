import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Me } from '../api/types';
import { Prover } from './prover';

const server = vi.hoisted(() => ({ answers: [] as (number | 'lost')[], proofs: 0 }));
vi.mock('./key', () => ({ proveDevice: async () => ({ challenge: 'c', signature: 's' }) }));
vi.mock('../api/client', () => {
  class Problem extends Error {
    constructor(readonly status: number) {
      super();
    }
  }
  return {
    Problem,
    api: {
      post: async () => {
        server.proofs++;
        const answer = server.answers.shift() ?? 204;
        if (answer !== 204) throw new Problem(answer === 'lost' ? 0 : answer);
      },
    },
  };
});

const MINUTE = 60_000;
const me = (dueInMs: number) =>
  ({ now: new Date().toISOString(), device: { id: 'd', proof_due: new Date(Date.now() + dueInMs).toISOString() } }) as unknown as Me;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(server, { answers: [], proofs: 0 });
  for (const name of ['document', 'window']) vi.stubGlobal(name, { addEventListener() {} });
  vi.stubGlobal('addEventListener', () => {});
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a phone whose question who it is gets lost after a proof proves itself again all the same', async () => {
  let asked = 0;
  const prover = new Prover(() => void asked++); // the answer never comes
  prover.follow(me(10 * MINUTE));
  await vi.advanceTimersByTimeAsync(11 * MINUTE);
  expect(asked).toBeGreaterThan(1);
});

test('a proof that is refused is not hammered, asks where the phone stands, and is tried again', async () => {
  server.answers = [429, 403, 204];
  let asked = 0;
  const prover: Prover = new Prover(() => {
    asked++;
    prover.follow(me(server.proofs < 3 ? -1 : 10 * MINUTE));
  });
  prover.follow(me(10 * MINUTE));
  await vi.advanceTimersByTimeAsync(8.5 * MINUTE);
  expect([server.proofs, asked]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(3 * MINUTE);
  expect([server.proofs, asked]).toEqual([3, 3]);
});
