// What the page knows of the commune: asked for at its beginning, and again until it is there. The form works
// without: place and time are then told in words.

import { ask } from './send';

export interface FormLocation {
  id: string;
  name: string;
  village?: string;
}

interface FormFacts {
  site: string;
  language: string;
  time_zone: string;
  now: string;
  locations: FormLocation[];
}

const AGAIN_MS = 5_000;

export const site = {
  name: '',
  language: '',
  zone: 'Asia/Ho_Chi_Minh',
  locations: [] as FormLocation[],
  /** the server's clock minus this phone's */
  offsetMs: 0,
  loaded: false,
};

/** The location that the code of a poster brings; '' without. */
export const posterOf = (search: string) => encodeURIComponent((new URLSearchParams(search).get('noi') || '').slice(0, 64));

export const now = () => Date.now() + site.offsetMs;

/** Calls `then` once all is known. */
export async function learn(then: () => void): Promise<void> {
  try {
    const poster = posterOf(location.search);
    const facts = await ask<FormFacts>(`/public/report-form${poster ? `?location=${poster}` : ''}`);
    site.name = facts.site;
    site.language = facts.language;
    site.zone = facts.time_zone;
    site.locations = facts.locations;
    site.offsetMs = Date.parse(facts.now) - Date.now() || 0;
    site.loaded = true;
    then();
  } catch {
    setTimeout(() => void learn(then), AGAIN_MS);
  }
}
