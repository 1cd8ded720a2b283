// Privacy masks of cameras, and who asks to see, and sees, a camera without them for some minutes.

import { api, Problem } from '../api/client';
import type { components } from '../api/schema';
import { reasonText, type Why } from '../access/reason';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';
import { toldOf, type Shape } from './shape';

export type Mask = components['schemas']['Mask'];
export type Lifting = components['schemas']['MaskLifting'];

export const MASKS_MOST = 16;
export const NAME_MOST = 80;
export const WORDS_LEAST = 3;
export const WORDS_MOST = 300;
const MINUTES = [5, 15, 30, 60];
export const MINUTES_USUAL = 15;

/** Offered where it is asked to see without masks: what the site is set to among others. */
export const minutesOffered = (usual: number): number[] => [...new Set([...MINUTES, usual])].sort((one, other) => one - other);

const path = (camera: string, mask = '', rest = '') => `/cameras/${camera}/masks${mask && `/${mask}`}${rest}`;

export const masks = {
  of: async (camera: string, signal?: AbortSignal) => (await api.get<{ items: Mask[] }>(path(camera), signal)).items,
  draw: (camera: string, name: string, shape: Shape) => api.post<Mask>(path(camera), { name, points: toldOf(shape) }),
  change: (camera: string, id: string, name: string, shape: Shape | null) => api.patch<Mask>(path(camera, id), { name, ...(shape && { points: toldOf(shape) }) }),
  askEnd: (camera: string, id: string, reason: string) => api.post<Mask>(path(camera, id, '/end'), { reason }),
  keep: (camera: string, id: string) => api.delete<Mask>(path(camera, id, '/end')),
  decideEnd: (camera: string, id: string, approve: boolean) => api.post<Mask>(path(camera, id, '/end/approval'), { approve }),
};

export const liftings = {
  all: async () => (await api.get<{ items: Lifting[] }>('/mask-liftings')).items,
  ask: (camera: string, why: Why, minutes: number) => api.post<Lifting>('/mask-liftings', { camera, ...why, minutes }),
  decide: (id: string, approve: boolean, words = '') => api.post<Lifting>(`/mask-liftings/${id}/approval`, { approve, ...(words && { words }) }),
  end: (id: string) => api.delete<Lifting>(`/mask-liftings/${id}`),
};

/** It runs at that moment; the server ends it by itself. */
export const runs = ({ state, until }: Lifting, now: number): boolean => state === 'running' && until !== null && Date.parse(until) > now;
export const waits = ({ state }: Lifting): boolean => state === 'waiting';

/** Where it stands at that moment: one that ran out has ended. */
export const standing = (one: Lifting, now: number): Lifting['state'] => (one.state === 'running' && !runs(one, now) ? 'ended' : one.state);

/** "14:32" of what is left. */
export function leftText({ until }: Lifting, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until ?? '') - now) / 1000)) || 0;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export const whyOf = ({ reason }: Lifting): string => reasonText(reason);

/** What the server refuses, where the app knows better words for it. */
export function maskProblem(error: unknown): string {
  if (error instanceof Problem && error.code === 'mask-smaller') return t('mask.smaller');
  if (error instanceof Problem && error.code === 'two-persons') return t('mask.twoPersons');
  return problemText(error);
}
