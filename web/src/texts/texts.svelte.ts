// The app's words. A text is named by a key; vi/ and en/ have the same keys.
// {name} in a text is replaced; "one|other" chooses by the parameter `n`.

import en from './en';
import vi from './vi';

export type Language = 'vi' | 'en';
export type TextKey = keyof typeof vi;
export type TextParams = Record<string, string | number>;

const catalogues: Record<Language, Record<string, string>> = { vi, en };
const STORED = 'vonglau.language';

class Texts {
  language = $state<Language>(stored());

  /** Somebody chose the language on this device. */
  get chosen(): boolean {
    try {
      return localStorage.getItem(STORED) !== null;
    } catch {
      return false;
    }
  }

  /** Speaks this language until somebody chooses one. */
  greet(language: string): void {
    if (this.chosen || (language !== 'vi' && language !== 'en')) return;
    this.language = language;
    document.documentElement.lang = language;
  }

  /** Uses this language from now on and on the next visit of this device. */
  use(language: Language): void {
    this.language = language;
    try {
      localStorage.setItem(STORED, language);
    } catch {
      // a browser that keeps nothing still speaks
    }
    document.documentElement.lang = language;
  }
}

function stored(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'vi';
  } catch {
    return 'vi';
  }
}

export const texts = new Texts();

/** The text in a given language. */
export function textIn(language: Language, key: TextKey, params: TextParams = {}): string {
  const entry = catalogues[language][key] ?? key;
  const forms = entry.split('|');
  const form = forms.length > 1 && params['n'] !== 1 ? forms[1]! : forms[0]!;
  return form.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}

/** The text in the language of the app; what reads it follows a change of language. */
export function t(key: TextKey, params?: TextParams): string {
  return textIn(texts.language, key, params);
}

/** The text `prefix.code` when there is one, else `fallback`: for words that come from the server. */
export function tCode(prefix: string, code: string, fallback: string, params?: TextParams): string {
  const key = `${prefix}.${code}`;
  return key in catalogues.vi ? t(key as TextKey, params) : fallback;
}
