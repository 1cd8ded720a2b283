import { describe, expect, it } from 'vitest';
import { Problem } from '../api/client';
import type { Export } from '../api/types';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { copyName, copyUrl, isOver, refusalText, shown, stateText } from './copies';

texts.language = 'en';

const copy: Export = {
  id: '0f6b5a93-0000-4000-8000-000000000001',
  number: '0f6b5a93',
  camera: 'c1',
  from: '2026-11-29T06:00:00.000Z',
  to: '2026-11-29T06:05:00.000Z',
  burn_in: true,
  redacted: false,
  state: 'waiting',
  progress: 0,
  ahead: 0,
  size: null,
  error: null,
  made: '2026-11-29T07:00:00.000Z',
  expires: null,
};

describe('a copy', () => {
  it('says how far it is, and what became of it', () => {
    expect(stateText(copy)).toBe('Waiting');
    expect(stateText({ ...copy, ahead: 1 })).toBe('Waiting, one copy comes before it');
    expect(stateText({ ...copy, ahead: 3 })).toBe('Waiting, 3 copies come before it');
    expect(stateText({ ...copy, state: 'running', progress: 0.418 })).toBe('In the making: 41 %');
    expect(stateText({ ...copy, state: 'done', progress: 1, size: 3 << 20 })).toBe('3 MB');
    expect(stateText({ ...copy, state: 'failed', error: 'interrupted' })).toContain('server was stopped');
    expect(stateText({ ...copy, state: 'failed', error: null })).toContain('could not be made');
  });

  it('is followed until it is over, and not shown once it was cancelled', () => {
    const states = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
    const all = states.map((state) => ({ ...copy, state }));
    expect(all.map(isOver)).toEqual([false, false, true, true, true]);
    expect(shown(all).map(({ state }) => state)).toEqual(['waiting', 'running', 'done', 'failed']);
  });

  it('is saved under a name that says so', () => {
    expect(copyName('Cong-cho-20261124-210409-60s.mp4', '0f6b5a93')).toBe('Cong-cho-20261124-210409-60s-copy-0f6b5a93.mp4');
    expect(copyUrl('x', 'a b.mp4')).toBe('/api/v1/exports/x/file?name=a%20b.mp4');
  });

  it('that is not taken says why', () => {
    expect(refusalText(new Problem(409, '', 'nine', 'own-copies'))).toContain('nine copies of yours');
    expect(refusalText(new Problem(429, '', '', 'all-copies'))).toContain('others');
    expect(refusalText(new Problem(0, '', ''))).toContain("can't be reached");
  });
});
