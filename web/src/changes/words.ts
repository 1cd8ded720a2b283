// Who asked for a change, and what became of it.

import { actorText, momentText } from '../masks/words';
import { t } from '../texts/texts.svelte';
import { standing, type Change } from './changes';

/** Who asked and when, and who ended it. */
export function courseText(one: Change, now: number): string {
  const told = [t('change.askedBy', { name: actorText(one.by), time: momentText(one.asked) })];
  const stands = standing(one, now);
  if (stands === 'waiting') told.push(t('change.until', { time: momentText(one.lapses) }));
  if (one.ended && (stands === 'agreed' || stands === 'refused')) told.push(t(`change.${stands}By`, { name: actorText(one.ended_by), time: momentText(one.ended) }));
  return told.join(' · ');
}
