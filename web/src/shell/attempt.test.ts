import { beforeEach, expect, test } from 'vitest';
import { Problem } from '../api/client';
import '../texts/for-tests';
import { Attempt } from './attempt.svelte';
import { notices } from './notices.svelte';

/** A line of which nothing is known until it is said. */
function line() {
  let end: { resolve: () => void; reject: (problem: unknown) => void };
  const sent: string[] = [];
  const send = (key: string) => () => {
    sent.push(key);
    return new Promise<void>((resolve, reject) => (end = { resolve, reject }));
  };
  return { send, sent, arrive: () => end.resolve(), fail: (status: number) => end.reject(new Problem(status, '', '')) };
}

beforeEach(() => {
  for (const { id } of notices.shown) notices.dismiss(id);
});

test('what fails is told where it was typed, and sent once however often it is tapped', async () => {
  const { send, sent, fail } = line();
  const attempt = new Attempt();
  const first = attempt.run(send('k1'));
  void attempt.run(send('k2'));
  expect([attempt.busy, sent]).toEqual([true, ['k1']]);
  fail(0);
  await first;
  expect([attempt.busy, attempt.error !== '', notices.shown]).toEqual([false, true, []]);
});

test('what fails after its sheet was closed is told all the same, and the very same is sent again by a tap', async () => {
  const { send, sent, fail, arrive } = line();
  const attempt = new Attempt();
  let closed = 0;
  const first = attempt.run(send('k1'), () => (closed += 1));
  attempt.leave();
  fail(0);
  await first;
  const [notice] = notices.shown;
  expect([notice?.bad, attempt.error]).toEqual([true, '']);
  notice!.action!.run();
  expect(sent).toEqual(['k1', 'k1']);
  arrive();
  await Promise.resolve();
  expect(closed).toBe(0); // another one may be open by now
});

test('what was refused for what it is is not offered to be sent again', async () => {
  const { send, fail } = line();
  const attempt = new Attempt();
  const first = attempt.run(send('k1'));
  attempt.leave();
  fail(409);
  await first;
  expect(notices.shown.map(({ bad, action }) => [bad, action])).toEqual([[true, undefined]]);
});
