import { describe, expect, it } from 'vitest';
import type { Month } from '../api/types';
import { barWidth, compared, happened, isMonth, lacking, monthAway } from './month';

describe('a month in figures', () => {
  it('goes from one year to the next and back', () => {
    expect(monthAway('2026-01', -1)).toBe('2025-12');
    expect(monthAway('2025-12', 1)).toBe('2026-01');
    expect(monthAway('2026-11', -11)).toBe('2025-12');
    expect(monthAway('2026-11', 0)).toBe('2026-11');
  });

  it('knows a month from what is none', () => {
    expect(isMonth('2026-11')).toBe(true);
    for (const none of ['2026-13', '2026-00', '2026-1', '11-2026', '', '2026-11-01']) expect(isMonth(none)).toBe(false);
  });

  it('shows what happened, the most first, and leaves the list as it was', () => {
    const items = [
      { kind: 'fire', count: 0 },
      { kind: 'theft', count: 1 },
      { kind: 'fight', count: 5 },
    ];
    expect(happened(items).map(({ kind }) => kind)).toEqual(['fight', 'theft']);
    expect(items[0]!.kind).toBe('fire');
  });

  it('is put beside the months before it and itself a year ago, no month twice', () => {
    const brief = (month: string) => ({ month }) as Month['earlier'][number];
    const earlier = [brief('2026-10'), brief('2026-09')];
    expect(compared({ earlier, year_before: brief('2025-11') }).map(({ month }) => month)).toEqual(['2026-10', '2026-09', '2025-11']);
    expect(compared({ earlier, year_before: brief('2026-09') })).toHaveLength(2);
    expect(compared({ earlier: [], year_before: null })).toEqual([]);
  });

  it('draws no bar for nothing and a small one for little', () => {
    expect(barWidth(0, 100)).toBe(0);
    expect(barWidth(1, 1000)).toBe(2);
    expect(barWidth(1000, 1000)).toBe(100);
    expect(barWidth(0, 0)).toBe(0);
  });

  it('names the cameras that lack most first', () => {
    const camera = (name: string, missing_s: number) => ({ camera: name, name, recorded_s: 100, missing_s });
    expect(lacking([camera('a', 0), camera('b', 5), camera('c', 50)]).map(({ name }) => name)).toEqual(['c', 'b']);
  });
});
