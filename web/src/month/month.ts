// A month in figures: which month, and how its figures read.

import type { Month } from '../api/types';

/** "2026-01" and −1: "2025-12". */
export function monthAway(month: string, by: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** Is this a month as paths have it? */
export const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

/** What is there, the most first; nothing that did not happen. */
export function happened<T extends { count: number }>(items: readonly T[]): T[] {
  return items.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
}

/** How wide a bar is beside the widest, in percent; what is there is always seen. */
export function barWidth(count: number, most: number): number {
  return count <= 0 || most <= 0 ? 0 : Math.max(2, Math.round((100 * count) / most));
}

/** Cameras that lack footage, the most first. */
export function lacking(each: Month['cameras']['each']): Month['cameras']['each'] {
  return each.filter(({ missing_s }) => missing_s > 0).sort((a, b) => b.missing_s - a.missing_s);
}

/** What a month is put beside: those before it, and itself a year ago. */
export const compared = ({ earlier, year_before: year }: Pick<Month, 'earlier' | 'year_before'>): Month['earlier'] => (year && !earlier.some(({ month }) => month === year.month) ? [...earlier, year] : earlier);
