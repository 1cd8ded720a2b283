// What the page says, in two languages; both are in it, for it has no server to ask.

import en from '../texts/en/verify-page.json';
import vi from '../texts/vi/verify-page.json';
import type { Params } from './faults';

export type Language = 'vi' | 'en';
export type Key = keyof typeof vi;

const catalogues: Record<Language, Record<string, string>> = { vi, en };
let language: Language = 'vi';

export const spoken = (): Language => language;
export const locale = (): string => (language === 'vi' ? 'vi-VN' : 'en-GB');

export function speak(to: Language): void {
  language = to;
  document.documentElement.lang = to;
  document.title = say('verify.title');
}

export function sayIn(to: Language, key: string, params: Params = {}): string {
  return (catalogues[to][key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(params, name) ? String(params[name]) : whole));
}

export const say = (key: Key, params: Params = {}): string => sayIn(language, key, params);

/** Of a code that the check gave. */
export const sayCode = (key: `verify.${'fault' | 'note' | 'cause' | 'verdict'}.${string}`, params: Params = {}): string => sayIn(language, key, params);
