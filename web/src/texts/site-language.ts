// The language that the site speaks to whoever is not signed in.

import { apiUrl } from '../api/client';
import type { Health } from '../api/types';

/** A server that is ill answers 503, and says its language all the same; undefined: it said none. */
export async function siteLanguage(): Promise<string | undefined> {
  try {
    const response = await fetch(apiUrl('/healthz'));
    return ((await response.json()) as Partial<Health>).language;
  } catch {
    return undefined;
  }
}
