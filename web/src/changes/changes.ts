// Changes that take two persons: what is asked for, in words; who may decide it; what they answer.

import { api, Problem } from '../api/client';
import type { components } from '../api/schema';
import { bytesText } from '../shell/amounts';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';

export type Change = components['schemas']['PendingChange'];
export type Changes = components['schemas']['PendingChanges'];

export const WORDS_LEAST = 3;
export const WORDS_MOST = 300;

export const changes = {
  all: () => api.get<Changes>('/changes'),
  decide: (id: string, approve: boolean, words = '') => api.post<Change>(`/changes/${id}/approval`, { approve, ...(words && { words }) }),
  withdraw: (id: string) => api.delete<Change>(`/changes/${id}`),
};

/** Where it stands at that moment: nobody tells when one lapses. */
export const standing = ({ state, lapses }: Change, now: number): Change['state'] => (state === 'waiting' && Date.parse(lapses) <= now ? 'lapsed' : state);
export const waits = (one: Change, now: number): boolean => standing(one, now) === 'waiting';

/** "14 ngày", "không giới hạn", "Duyệt trước khi làm" */
export function valueText(field: Change['field'], value: string): string {
  if (field === 'package_approval') return t(`package.rule.${value as 'before' | 'within-24h' | 'none'}`);
  if (field === 'ntp') return value === 'server' || value === 'own' || value === '' ? t(`change.clock.${value || 'unknown'}`) : value;
  if (field === 'retention_bytes') return value === '0' ? t('change.noBound') : bytesText(Number(value));
  return value === '0' ? t('change.forEver') : t('change.days', { n: Number(value) });
}

type OfCamera = 'retention_days' | 'retention_bytes' | 'ntp';
export const fieldText = ({ field, camera }: Change): string => t(camera ? `change.field.${field as OfCamera}` : `change.site.${field as Exclude<Change['field'], 'ntp'>}`);

/** "30 ngày → 14 ngày" */
export const fromToText = ({ field, before, after }: Change): string => `${valueText(field, before)} → ${valueText(field, after)}`;

/** What the server refuses, where the app knows better words for it. */
export function changeProblem(error: unknown): string {
  if (error instanceof Problem && error.code === 'two-persons') return t('change.twoPersons');
  if (error instanceof Problem && error.code === 'exists') return t('change.exists');
  if (error instanceof Problem && error.code === 'camera-refused') return t('change.cameraRefused');
  return problemText(error);
}
