// Working copies that the server makes: asked for, followed while one is not over, fetched, thrown away.

import { api, apiUrl, Problem } from '../api/client';
import type { Export } from '../api/types';
import { access } from '../access/access';
import type { RedactionAsked } from '../redact/boxes';
import { t, tCode } from '../texts/texts.svelte';
import { bytesText } from '../shell/amounts';
import { problemText } from '../shell/problem-text';

/** No copy is longer. */
export const COPY_LONGEST_MS = 3_600_000;

export const isOver = ({ state }: Export) => state !== 'waiting' && state !== 'running';

/** What is worth showing: what was cancelled is not. */
export const shown = (all: Export[]) => all.filter(({ state }) => state !== 'cancelled');

export const RECEIVER_LEAST = 3;
export const RECEIVER_MOST = 200;

/** With `redact` parts of it are made unrecognisable, for `receiver`. */
export function askCopy(camera: string, from: number, to: number, redact?: RedactionAsked, receiver?: string): Promise<Export> {
  return api.post<Export>('/exports', {
    cameras: [camera],
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    burn_in: true,
    grant: access.taking(camera, from, to),
    redact,
    receiver: redact ? receiver?.trim() : undefined,
  });
}

export const listCopies = () => api.all<Export>('/exports').then(shown);

/** Cancels one that is not over, throws away one that is. */
export const dropCopy = (id: string) => api.delete(`/exports/${id}`);

export const copyUrl = (id: string, name: string) => apiUrl(`/exports/${id}/file`, { name });

/** "Cong-cho-20261124-210409-60s.mp4" is the original; its copy says so. */
export const copyName = (original: string, number: string) => original.replace(/\.mp4$/, `-copy-${number}.mp4`);

/** How far it is, or what became of it. */
export function stateText({ state, progress, ahead, size, error }: Export): string {
  if (state === 'waiting') return ahead > 0 ? t('copy.ahead', { n: ahead }) : t('copy.waiting');
  if (state === 'running') return t('copy.running', { percent: Math.floor(progress * 100) });
  if (state === 'done') return bytesText(size ?? 0);
  return tCode('copy.error', error ?? '', t('copy.error.broken'));
}

/** Why it was not taken, in words for whoever asked. */
export function refusalText(error: unknown): string {
  return error instanceof Problem ? tCode('copy.refused', error.code, problemText(error)) : problemText(error);
}
