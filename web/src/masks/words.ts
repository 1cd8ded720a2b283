// What is said of masks and of seeing without them.

import { session } from '../shell/session.svelte';
import { t, texts } from '../texts/texts.svelte';
import { clockText, shortDayText } from '../time/zone';
import type { Lifting, Mask } from './masks';

type Actor = Mask['by'];

export const actorText = (of: Actor | undefined): string => (of === null ? t('mask.console') : (of?.name ?? t('package.unknownPerson')));

export function momentText(time: string): string {
  const ms = Date.parse(time);
  return `${clockText(ms, session.zone, 'minute')} ${shortDayText(ms, session.zone, texts.language)}`;
}

export const sinceText = ({ since, by }: Mask): string => t('mask.since', { time: momentText(since), name: actorText(by) });

/** "officer xin lúc 09:41 30/11" and who decided. */
export function courseText({ by, asked, decided, decided_by: decider, state }: Lifting): string {
  const told = [t('unmask.askedBy', { name: actorText(by), time: momentText(asked) })];
  if (decided) told.push(t(state === 'rejected' ? 'unmask.rejectedBy' : 'unmask.approvedBy', { name: actorText(decider), time: momentText(decided) }));
  return told.join(' · ');
}
