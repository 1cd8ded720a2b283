// What the page says. It has texts of its own beside those of the kinds and times that it shares with the app,
// so that a phone loads no more than it needs.

import formEn from '../texts/en/report-form.json';
import sharedEn from '../texts/en/report-words.json';
import formVi from '../texts/vi/report-form.json';
import sharedVi from '../texts/vi/report-words.json';

export type Language = 'vi' | 'en';
export type Key = keyof typeof formVi | keyof typeof sharedVi;

const catalogues: Record<Language, Record<string, string>> = { vi: { ...sharedVi, ...formVi }, en: { ...sharedEn, ...formEn } };
const STORED = 'vonglau.language';

let language: Language = 'vi';

export function speak(to: Language): void {
  language = to;
  document.documentElement.lang = to;
}

export function spoken(): Language {
  return language;
}

/** The language that somebody chose on this phone; '' when nobody did. */
export function chosen(): Language | '' {
  try {
    const kept = localStorage.getItem(STORED);
    return kept === 'vi' || kept === 'en' ? kept : '';
  } catch {
    return '';
  }
}

export function choose(to: Language): void {
  speak(to);
  try {
    localStorage.setItem(STORED, to);
  } catch {
    // a browser that keeps nothing still speaks
  }
}

export function say(key: Key, params: Record<string, string | number> = {}): string {
  return (catalogues[language][key] || key).replace(/\{(\w+)\}/g, (whole, name: string) => String(name in params ? params[name] : whole));
}
