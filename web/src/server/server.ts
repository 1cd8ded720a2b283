// How fingerprints and disks are told.

import { localeOf, type Language } from '../texts/texts.svelte';

/** A day of the calendar in UTC, as days have their roots: "2026-11-29" → "Chủ Nhật, 29/11/2026". */
export function dayInWords(day: string, language: Language): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(localeOf(language), { weekday: 'long', year: 'numeric', month: '2-digit', day: '2-digit', timeZone: 'UTC' });
}

/** Digits in groups of four, to be compared by eye. */
export const inFours = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1 ');

export const percent = (part: number, whole: number): number => (whole > 0 ? Math.round((100 * part) / whole) : 0);
