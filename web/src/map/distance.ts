import { localeOf, textIn, type Language } from '../texts/texts.svelte';

/** As people say it: 5 m, 40 m, 350 m, 1.2 km, 12 km. */
export function distanceText(metres: number, language: Language): string {
  const step = metres < 20 ? 1 : metres < 200 ? 5 : 10;
  const round = Math.round(metres / step) * step;
  if (round < 1000) return textIn(language, 'unit.m', { n: round });
  return textIn(language, 'unit.km', { n: (metres / 1000).toLocaleString(localeOf(language), { maximumFractionDigits: metres < 10_000 ? 1 : 0 }) });
}
