import { beforeEach, expect, test, vi } from 'vitest';
import { Problem } from '../api/client';
import type { Me } from '../api/types';
import { access } from './access';
import { ReasonAsked } from './asked.svelte';

const NOW = Date.now();
const span = { from: NOW - 60_000, to: NOW };

/** what POST /access was asked */
let told: Record<string, unknown>[] = [];

beforeEach(() => {
  told = [];
  access.enter({ id: `person ${Math.random()}`, site: { reason_after_s: 900 } } as Me);
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    told.push(JSON.parse(init.body as string) as Record<string, unknown>);
    return Promise.resolve(Response.json({ grant: `g${told.length}`, expires: new Date(NOW + 8 * 3_600_000).toISOString() }, { status: 201 }));
  });
});

/** Whoever is asked tells a reason, or none. */
async function answered(reason: ReasonAsked, told: boolean) {
  await vi.waitFor(() => expect(reason.asked).not.toBe(null));
  const { cameras, span, taken } = reason.asked!;
  if (told) await access.tell(cameras, span, { reason: 'training' });
  reason.answer(told);
  return taken;
}

test('taking young footage out asks once, and goes on by itself', async () => {
  const reason = new ReasonAsked();
  const take = vi.fn(() => Promise.resolve(access.taking('a', span.from, span.to)));
  const first = reason.taking(['a'], span, take);
  expect(await answered(reason, true)).toBe(true);
  expect(await first).toBe('g1');
  expect(await reason.taking(['a'], span, take)).toBe('g1');
  expect(take).toHaveBeenCalledTimes(2);
  expect(told).toHaveLength(1);
});

test('who gives no reason takes nothing', async () => {
  const reason = new ReasonAsked();
  const take = vi.fn(() => Promise.resolve('a film'));
  const taken = reason.taking(['a'], span, take);
  await answered(reason, false);
  expect(await taken).toBe(undefined);
  expect(take).not.toHaveBeenCalled();
});

test('what is looked for in a case is taken out for it, without a question', async () => {
  const reason = new ReasonAsked();
  reason.why = { case: 'VV-2026-0042' };
  expect(await reason.taking(['a'], span, () => Promise.resolve('a film'))).toBe('a film');
  expect(told).toMatchObject([{ cameras: ['a'], case: 'VV-2026-0042' }]);
});

test('a reason that a restarted server does not know is asked anew, once', async () => {
  const reason = new ReasonAsked();
  reason.why = { case: 'VV-2026-0042' };
  const unknown = new Problem(403, '', '', 'reason-needed');
  const take = vi.fn(() => (told.length < 2 ? Promise.reject(unknown) : Promise.resolve('a film')));
  expect(await reason.taking(['a'], span, take)).toBe('a film');
  expect(told).toHaveLength(2);
  await expect(reason.taking(['a'], span, () => Promise.reject(unknown))).rejects.toBe(unknown);
  expect(told).toHaveLength(3);
});
