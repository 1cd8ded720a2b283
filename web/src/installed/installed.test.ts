import { expect, test } from 'vitest';
import { installWay } from './install.svelte';
import { mayTake } from './update.svelte';

const FREE = { typed: false, asks: false, plays: false, full: false };

test('a new version is taken without a question only where nobody looks and nothing is lost', () => {
  expect(mayTake(true, 1, FREE)).toBe(true);
  expect(mayTake(false, 1, FREE), 'under the thumb').toBe(false);
  expect(mayTake(true, 2, FREE), 'another window would lose its parts').toBe(false);
  for (const hold of ['typed', 'asks', 'plays', 'full'] as const) expect(mayTake(true, 1, { ...FREE, [hold]: true }), hold).toBe(false);
});

test('each device is told its own way to the home screen', () => {
  const android = { installed: false, offered: true, secure: true, agent: 'Mozilla/5.0 (Linux; Android 14) Chrome/130', touches: 5 };
  expect(installWay(android)).toBe('offer');
  expect(installWay({ ...android, offered: false })).toBe('menu');
  expect(installWay({ ...android, offered: false, secure: false })).toBe('insecure');
  expect(installWay({ ...android, installed: true, offered: false })).toBe('installed');
  expect(installWay({ ...android, offered: false, agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5)' })).toBe('iphone');
  const mac = { ...android, offered: false, agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)' };
  expect(installWay({ ...mac, touches: 5 })).toBe('iphone');
  expect(installWay({ ...mac, touches: 0 })).toBe('menu');
});
