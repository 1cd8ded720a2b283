// Where an answer leads: whoever has gone elsewhere by the time it is there stays, and is told where it leads.

import { t } from '../texts/texts.svelte';
import { notices } from './notices.svelte';
import { route } from './route.svelte';

interface Answer {
  /** told in any case */
  said?: string;
  /** told to whoever has gone elsewhere, where nothing is told in any case */
  away?: string;
  replace?: boolean;
}

/** To be called before the question; what it returns is called with where the answer leads. */
export function onward(): (to: string, answer?: Answer) => void {
  const from = route.path;
  return (to, { said = '', away = said, replace = false } = {}) => {
    const here = route.path === from;
    if (here) route.go(to, { replace });
    if (here && said) notices.say(said);
    if (!here && away) notices.say(away, { action: { label: t('action.look'), run: () => route.go(to) } });
  };
}
