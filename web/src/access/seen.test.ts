import { beforeEach, expect, test, vi } from 'vitest';
import type { Me } from '../api/types';
import { access } from './access';
import { seenFor } from './seen';

const NOW = Date.now();
const HOUR = 3_600_000;
const at = NOW - 30 * HOUR;
const day = { from: NOW - 48 * HOUR, to: NOW - 24 * HOUR };

beforeEach(() => {
  access.enter({ id: `person ${Math.random()}`, site: { reason_after_s: 900 } } as Me);
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ grant: 'g', expires: new Date(NOW + 8 * HOUR).toISOString() }, { status: 201 })));
});

test('pictures say for which case or routine they were opened, each once', async () => {
  expect(seenFor([{ camera: 'a', at }])).toBe('');
  await access.tell(['a', 'b'], day, { case: 'VV-2026-0042' });
  await access.tell(['c'], day, { reason: 'routine-check' });
  expect(seenFor([{ camera: 'a', at }])).toBe('VV-2026-0042');
  expect(seenFor(['a', 'b', 'c'].map((camera) => ({ camera, at })))).toBe('VV-2026-0042 · Kiểm tra thường lệ');
  expect(seenFor([{ camera: 'a', at: NOW - 72 * HOUR }])).toBe('');
});

test('footage that is young is looked at for the case that it is looked for', async () => {
  expect(seenFor([{ camera: 'a', at: NOW - 60_000 }])).toBe('');
  expect(seenFor([{ camera: 'a', at: NOW - 60_000 }], 'VV-2026-0007')).toBe('VV-2026-0007');
  await access.tell(['a'], day, { reason: 'training' });
  expect(seenFor([{ camera: 'a', at }], 'VV-2026-0007')).toBe('Tập huấn');
});
