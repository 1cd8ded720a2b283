import { expect, test } from 'vitest';
import { parseEvent } from '../live/message';
import { signIns } from './sign-ins.svelte';

const message = { op: 'sign-in', session: 's1', device: 'Mozilla/5.0 (Linux; Android 14) Chrome/130.0', address: '10.0.0.7', at: '2026-11-29T02:00:00.000Z' };

test('a sign-in elsewhere is told without a camera, the newest first, each once, until it was looked at', () => {
  const event = parseEvent(JSON.stringify(message));
  expect(event).toMatchObject({ op: 'sign-in', address: '10.0.0.7' });
  if (event?.op !== 'sign-in') throw new Error('it is not read');
  signIns.take(event);
  signIns.take({ ...event, session: 's2' });
  signIns.take(event);
  expect(signIns.told.map(({ session }) => session)).toEqual(['s1', 's2']);
  expect(signIns.count).toBe(3);
  signIns.forget();
  expect(signIns.told).toEqual([]);
});
