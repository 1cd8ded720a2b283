import { describe, expect, it, vi } from 'vitest';
import { Preview, previewUrl, type Previewed } from './preview';
import { SmallPictures } from './small-pictures';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const spans = [{ from: NOW - 600_000, to: NOW - 300_000 }];

describe('the small picture above the timeline', () => {
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

  it('comes while the finger moves, with the moment that it is of, and goes where there is no footage', async () => {
    const shown: (Previewed | null)[] = [];
    const pictures = new SmallPictures(() => Promise.resolve(null));
    const preview = new Preview((what) => shown.push(what), pictures);
    preview.look('cam', NOW - 401_000, spans, NOW);
    await vi.waitFor(() => expect(shown).toHaveLength(1));
    expect(shown[0]).toEqual({ picture: '', ms: NOW - 405_000 });
    preview.look('cam', NOW - 100_000, spans, NOW);
    expect(shown.at(-1)).toBeNull();
  });

  it('does not come back when nobody looks any more', async () => {
    const shown: (Previewed | null)[] = [];
    let answer = (_: Blob | null) => {};
    const pictures = new SmallPictures(() => new Promise((resolve) => (answer = resolve)));
    const preview = new Preview((what) => shown.push(what), pictures);
    preview.look('cam', NOW - 400_000, spans, NOW);
    preview.look('cam', null, spans, NOW);
    answer(null);
    await new Promise((done) => setTimeout(done));
    expect(shown).toEqual([null]);
  });
});
