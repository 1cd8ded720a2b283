// What somebody pastes or chooses as files, sorted into the certificates and the key.

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

export interface Pem {
  chain: string;
  key: string;
}

/** Blocks of PEM in any order, from any number of texts; what is none of them is passed over. */
export function sortPem(texts: readonly string[]): Pem {
  const blocks = texts.flatMap((text) => [...text.matchAll(BLOCK)]);
  const of = (wanted: (kind: string) => boolean) =>
    blocks
      .filter(([, kind]) => wanted(kind!))
      .map(([whole]) => `${whole}\n`)
      .join('');
  return { chain: of((kind) => kind.endsWith('CERTIFICATE')), key: of((kind) => kind.endsWith('PRIVATE KEY')) };
}

/** Whole days until `to`; negative when it is over. */
export function daysLeft(to: string, now: number): number {
  return Math.floor((Date.parse(to) - now) / 86_400_000);
}

export const SOON_DAYS = 30;
