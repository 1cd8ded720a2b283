// Which language a page without an account speaks, and how it fills in its texts.

export type Language = 'vi' | 'en';

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

/** Says a text of these catalogues in the language that is spoken. */
export function sayer<Key extends string>(catalogues: Record<Language, Record<string, string>>) {
  return (key: Key, params: Record<string, string | number> = {}): string =>
    (catalogues[language][key] || key).replace(/\{(\w+)\}/g, (whole, name: string) => String(name in params ? params[name] : whole));
}
