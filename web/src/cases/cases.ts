// Cases as the app shows them: what a list asks for, how it is ordered, and what can follow. Nothing here knows the page.

import { api, apiUrl } from '../api/client';
import type { Case, CaseState } from './types';

const PREFIX = '/api/v1'.length;

export const OPEN_STATES: readonly CaseState[] = ['new', 'searching', 'preserved', 'exported', 'decided', 'reopened'];
export const OVER_STATES: readonly CaseState[] = ['closed', 'rejected', 'transferred'];

/** Which are shown: what goes on, what I have, what nobody has, what is late, what is over. */
export const SHOWS = ['open', 'mine', 'none', 'overdue', 'over'] as const;
export type Show = (typeof SHOWS)[number];

/** The show in the address of the page. */
export function showOf(query: URLSearchParams): Show {
  return SHOWS.find((one) => one === query.get('show')) ?? 'open';
}

export function addressOf(show: Show): string {
  return show === 'open' ? '/cases' : `/cases?show=${show}`;
}

export const PAGE = 50;

export interface CasePage {
  items: Case[];
  next: string | null;
}

export function queryOf(show: Show): Record<string, string | undefined> {
  return {
    state: (show === 'over' ? OVER_STATES : OPEN_STATES).join(),
    assignee: show === 'mine' ? 'me' : show === 'none' ? 'none' : undefined,
    overdue: show === 'overdue' ? 'true' : undefined,
  };
}

export function pageOf(show: Show, cursor: string, signal?: AbortSignal): Promise<CasePage> {
  return api.get<CasePage>(apiUrl('/cases', { ...queryOf(show), limit: PAGE, cursor }).slice(PREFIX), signal);
}

export function isOver({ state }: Pick<Case, 'state'>): boolean {
  return OVER_STATES.includes(state);
}

/** What is late first, the longest due before the others; then in the order of the list. */
export function pressingFirst(list: readonly Case[]): Case[] {
  const late = list.filter(({ overdue }) => overdue).sort((a, b) => (a.due ?? '').localeCompare(b.due ?? ''));
  return [...late, ...list.filter(({ overdue }) => !overdue)];
}

/** A state that people set. */
export type Step = Exclude<CaseState, 'new' | 'preserved' | 'exported'>;

/**
 * What people can set next, the likely one first. That footage is held or handed over is not said by hand: a case
 * becomes `preserved` and `exported` by it.
 */
const NEXT: Record<CaseState, readonly Step[]> = {
  new: ['searching', 'transferred', 'rejected'],
  searching: ['decided', 'transferred', 'rejected'],
  preserved: ['decided', 'searching', 'transferred'],
  exported: ['decided', 'transferred'],
  decided: ['closed', 'reopened'],
  closed: ['reopened'],
  rejected: ['reopened'],
  transferred: ['reopened'],
  reopened: ['decided', 'searching', 'transferred', 'rejected'],
};

export function nextStates(state: CaseState): readonly Step[] {
  return NEXT[state];
}

/** What has to be told with a state. */
export type Wanted = 'nothing' | 'outcome' | 'reason' | 'answer';

export function wantedOf(state: Step): Wanted {
  if (state === 'decided') return 'outcome';
  if (state === 'closed') return 'answer';
  return state === 'rejected' || state === 'transferred' || state === 'reopened' ? 'reason' : 'nothing';
}

export const OUTCOMES = ['no-violation', 'mediated', 'administrative', 'investigating-body', 'nothing-found'] as const;
export const PERSON_ROLES = ['victim', 'witness', 'involved', 'owner', 'other'] as const;

export const REASON_LEAST = 3;
export const REASON_MOST = 300;
export const ANSWER_MOST = 1000;
export const DOCUMENT_MOST = 60;
export const NOTE_MOST = 2000;
export const PERSONS_MOST = 99;

/** Why one may not release a hold now; '' when one may. `me`: the name of who asks. */
export type ReleaseBar = '' | 'right' | 'own';

/** Whoever asked for it does not decide it: that needs a second person who may. */
export function releaseBar(release: { by?: string }, me: string, mayHold: boolean): ReleaseBar {
  if (release.by === me) return 'own';
  return mayHold ? '' : 'right';
}

/** Those of this person before the others. */
export function ownFirst(list: readonly Case[], me: string): Case[] {
  return [...list.filter(({ assignee }) => assignee?.id === me), ...list.filter(({ assignee }) => assignee?.id !== me)];
}

/** A late case is told to who has it, and to those who command. */
export function concerns({ assignee }: { assignee?: string }, me: string, commands: boolean): boolean {
  return commands || assignee === me;
}
