// The app's words. A text is named by a key; vi/ and en/ have the same keys.
// {name} in a text is replaced; "one|other" chooses by the parameter `n`.

import vi from './vi';

export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type TextKey = keyof typeof vi;
export type TextParams = Record<string, string | number>;

/** How each writes numbers and dates. */
const LOCALES: Record<Language, string> = { vi: 'vi-VN', en: 'en-GB' };

export const localeOf = (language: Language): string => LOCALES[language];

export function isLanguage(code: unknown): code is Language {
  return (LANGUAGES as readonly unknown[]).includes(code);
}

/** Vietnamese comes with the app; any other when it is spoken. */
const catalogues: Partial<Record<Language, Record<string, string>>> = { vi };
const others = { en: () => import('./en') };

/** Has the texts of a language at hand. */
export async function fetchTexts(language: Language): Promise<void> {
  if (language !== 'vi') catalogues[language] ??= (await others[language]()).default;
}

const STORED = 'vonglau.language';

class Texts {
  language = $state<Language>('vi');
  private wanted: Language = 'vi';

  /** Somebody chose the language on this device. */
  get chosen(): boolean {
    try {
      return localStorage.getItem(STORED) !== null;
    } catch {
      return false;
    }
  }

  /** Speaks what was chosen on this device: before anything is shown. */
  begin(): Promise<void> {
    return this.speak(stored());
  }

  /** Speaks this language until somebody chooses one. */
  async greet(language: string): Promise<void> {
    if (!this.chosen && isLanguage(language)) await this.speak(language);
  }

  /** Uses this language from now on and on the next visit of this device. */
  use(language: Language): Promise<void> {
    try {
      localStorage.setItem(STORED, language);
    } catch {
      // a browser that keeps nothing still speaks
    }
    return this.speak(language);
  }

  /** As soon as its texts are there; the app goes on in the language that it has while they cannot be had. */
  private async speak(language: Language): Promise<void> {
    this.wanted = language;
    await fetchTexts(language).catch(() => (this.wanted = this.language));
    if (this.wanted === language) this.language = language; // else another was chosen meanwhile
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
  const entry = (catalogues[language] ?? vi)[key] ?? key;
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
  return key in vi ? t(key as TextKey, params) : fallback;
}
