import { describe, expect, it } from 'vitest';
import { amountText, boundText, figureText, sum, verdictOf } from './criteria';

describe('criteria of a month', () => {
  it('reads figures with their units', () => {
    expect(amountText(90, 'percent', 'vi')).toBe('90 %');
    expect(amountText(2.5, 'hours', 'vi')).toBe('2,5 giờ');
    expect(amountText(12, 'count', 'vi')).toBe('12');
    expect(boundText({ compare: 'most', threshold: 24 }, 'hours', 'vi')).toBe('không quá 24 giờ');
    expect(boundText({ compare: 'least', threshold: 80 }, 'percent', 'vi')).toBe('ít nhất 80 %');
    expect(boundText({ compare: null, threshold: null }, 'count', 'vi')).toBe('');
  });

  it('names figures, also those of one kind of reports', () => {
    expect(figureText('reports-fight', 'vi')).toBe('Tin báo: Đánh nhau');
    expect(figureText('reports-answered', 'vi')).toBe('Tin báo đã trả lời');
    expect(figureText('something-new', 'vi')).toBe('something-new');
  });

  it('does not call missed what nobody judged', () => {
    expect(verdictOf({ met: true, figure: null })).toBe('met');
    expect(verdictOf({ met: false, figure: 'reports' })).toBe('missed');
    expect(verdictOf({ met: null, figure: null })).toBe('unjudged');
    expect(verdictOf({ met: null, figure: 'until-answered' })).toBe('untold');
    expect(sum([{ met: true }, { met: false }, { met: null }])).toEqual({ met: 1, told: 2 });
  });
});
