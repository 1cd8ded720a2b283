// Cases by the names that the app uses.

import type { components } from '../api/schema';

type Schemas = components['schemas'];

export type CaseState = Schemas['CaseState'];
export type Outcome = Schemas['CaseOutcome'];
export type PersonRole = Schemas['CaseRole'];
export type CaseItem = Schemas['CaseItem'];
export type ItemInput = Schemas['CaseItemInput'];
export type CasePatch = Omit<Schemas['CaseChange'], 'revision'>;
export type Hold = Schemas['CaseHold'];
export type Case = Schemas['Case'];
export type CaseChange = NonNullable<Case['history']>[number];
