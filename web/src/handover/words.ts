// What the page of a hand-over says; texts of its own, so that it loads no more than it needs.

import en from '../texts/en/handover.json';
import vi from '../texts/vi/handover.json';

export type Language = 'vi' | 'en';

const catalogues: Record<Language, Record<string, string>> = { vi, en };
let language: Language = 'vi';

export function speak(to: Language): void {
  language = to;
  document.documentElement.lang = to;
}

export const spoken = (): Language => language;

export function say(key: keyof typeof vi, params: Record<string, string | number> = {}): string {
  return (catalogues[language][key] || key).replace(/\{(\w+)\}/g, (whole, name: string) => String(name in params ? params[name] : whole));
}
