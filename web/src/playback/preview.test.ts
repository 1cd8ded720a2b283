import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Preview, previewUrl } from './preview';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const spans = [{ from: NOW - 600_000, to: NOW - 300_000 }];

describe('the small picture above the timeline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is one for all moments of ten seconds', () => {
    const at = (ms: number) => previewUrl('cam', ms, spans, NOW);
    expect(at(NOW - 400_000)).toContain('/cameras/cam/thumbnail.jpg?at=2026-11-23T09%3A53%3A25');
    expect(at(NOW - 400_000)).toBe(at(NOW - 390_001));
    expect(at(NOW - 400_000)).not.toBe(at(NOW - 390_000));
  });

  it('is none where there is no footage, or none yet', () => {
    expect(previewUrl('cam', NOW - 700_000, spans, NOW)).toBe('');
    expect(previewUrl('cam', NOW - 200_000, spans, NOW)).toBe('');
    expect(previewUrl('cam', NOW - 5_000, [{ from: 0, to: NOW }], NOW)).toBe('');
  });

  it('is asked for where the finger rests, not at all that it passes', () => {
    const shown: string[] = [];
    const preview = new Preview((url) => shown.push(url));
    for (let i = 0; i < 10; i++) preview.look('cam', NOW - 500_000 + i * 10_000, spans, NOW);
    expect(shown).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(shown).toEqual([previewUrl('cam', NOW - 410_000, spans, NOW)]);
  });

  it('goes at once when nobody looks, and does not come back', () => {
    const shown: string[] = [];
    const preview = new Preview((url) => shown.push(url));
    preview.look('cam', NOW - 400_000, spans, NOW);
    preview.look('cam', null, spans, NOW);
    vi.advanceTimersByTime(1_000);
    expect(shown).toEqual(['']);
  });
});
