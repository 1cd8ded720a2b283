// Households with a camera of their own, as the app shows them: which are near a place, which way they look, how they
// are ordered. Nothing here knows the page.

import { api, apiUrl } from '../api/client';
import type { Household, HouseholdSight } from '../api/types';
import type { Degrees } from '../map/geometry';

export const VIEW_MOST = 200;
export const NAME_MOST = 100;
export const PHONE_MOST = 30;

/** As people say where a door looks; degrees from north by east. */
export const HEADINGS = [0, 45, 90, 135, 180, 225, 270, 315] as const;
export type Heading = (typeof HEADINGS)[number];

/** The nearest of the eight. */
export function headingOf(degrees: number): Heading {
  return HEADINGS[Math.round(degrees / 45) % 8]!;
}

export const RADII = [50, 100, 150, 300, 500] as const;

export interface Near {
  at: Degrees;
  radius: number;
}

/** The place in the address of the page around which households are looked for; null: all are shown. */
export function nearOf(query: URLSearchParams): Near | null {
  const [latitude, longitude] = (query.get('near') ?? '').split(',').map(Number);
  const radius = RADII.find((one) => String(one) === query.get('radius')) ?? 150;
  const known = latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return known && query.get('near') ? { at: { latitude, longitude }, radius } : null;
}

export function nearAddress({ at, radius }: Near): string {
  return `/households?near=${at.latitude.toFixed(6)},${at.longitude.toFixed(6)}&radius=${radius}`;
}

const PREFIX = '/api/v1'.length;

export async function sightsNear({ at, radius }: Near, signal?: AbortSignal): Promise<HouseholdSight[]> {
  const url = apiUrl('/households/near', { lat: at.latitude, lon: at.longitude, radius, limit: 200 });
  return (await api.get<{ items: HouseholdSight[] }>(url.slice(PREFIX), signal)).items;
}

export const stands = (household: Household) => !household.revoked_at;

/** Those whose consent stands, by village, in the order they came. */
export function byVillage(list: readonly Household[]): { village: string; households: Household[] }[] {
  const villages = new Map<string, Household[]>();
  for (const one of list.filter(stands)) {
    const others = villages.get(one.village);
    if (others) others.push(one);
    else villages.set(one.village, [one]);
  }
  return [...villages].map(([village, households]) => ({ village, households })).sort((a, b) => a.village.localeCompare(b.village, 'vi'));
}

/** Where a household stands, for the map; null for one that is no longer in the register. */
export function pinOf({ place }: Pick<Household, 'place'>): Degrees | null {
  return place ? { latitude: place.lat, longitude: place.lon } : null;
}

export function photoUrl(id: string): string {
  return apiUrl(`/households/${id}/photo`);
}
