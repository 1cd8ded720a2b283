// Cases by the names that the app uses.

import type { components } from '../api/schema';

type Schemas = components['schemas'];

export type CaseState = Schemas['CaseState'];
export type Outcome = Schemas['CaseOutcome'];
export type PersonRole = Schemas['CaseRole'];
export type CaseItem = Schemas['CaseItem'];
export type ItemInput = Schemas['CaseItemInput'];
export type CasePatch = Omit<Schemas['CaseChange'], 'revision'>;
/** Holds are typed by hand until slice B. */
export interface Hold {
  id: string;
  basis: string;
  cameras: { camera: string; from: string; to: string; bytes: number; gaps_s: number; complete: boolean }[];
  keep_until?: string;
  by: string;
  at: string;
  approved_by?: string;
  approved_at?: string;
  release?: { by: string; at: string; reason: string };
  released_at?: string;
  released_by?: string;
}
export type Case = Schemas['Case'] & { holds?: Hold[] };
export type CaseChange = NonNullable<Case['history']>[number];
