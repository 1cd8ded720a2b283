import { describe, expect, it } from 'vitest';
import { byVillage, percent, span } from './facts';

describe('what the public page tells', () => {
  it('puts places under their villages, those without one last', () => {
    const villages = byVillage([
      { name: 'Ngã ba', village: '', cameras: 1 },
      { name: 'Nhà văn hóa', village: 'Bản Yên', cameras: 1 },
      { name: 'Cổng chợ', village: 'Bản Yên', cameras: 2 },
      { name: 'Cầu treo', village: 'Bản Cang', cameras: 1 },
    ]);
    expect(villages.map(({ name }) => name)).toEqual(['Bản Cang', 'Bản Yên', '']);
    expect(villages[1]!.places.map(({ name }) => name)).toEqual(['Cổng chợ', 'Nhà văn hóa']);
  });

  it('never rounds a gap away', () => {
    expect(percent({ recorded_s: 99_999, missing_s: 1 }, ',')).toBe('99,9 %');
    expect(percent({ recorded_s: 10, missing_s: 0 }, '.')).toBe('100.0 %');
    expect(percent({ recorded_s: 0, missing_s: 0 }, ',')).toBe('');
  });

  it('tells a length of time in its own unit', () => {
    expect(span(20)).toEqual({ n: 1, unit: 'minutes' });
    expect(span(900)).toEqual({ n: 15, unit: 'minutes' });
    expect(span(3 * 3600)).toEqual({ n: 3, unit: 'hours' });
    expect(span(5 * 86400)).toEqual({ n: 5, unit: 'days' });
  });
});
