// What stopped a film on its way, as the family reads it: each has another thing to do about it.

import { Refused } from '../report-form/send';
import { say } from './words';

const byCode = {
  'given-kind': 'give.kind',
  'given-large': 'give.ownRoom',
  'given-many': 'give.many',
  'given-full': 'give.full',
} as const;

/** It was withdrawn, or its time is over, while files were on their way: the page says which, once it is loaded anew. */
export const isOver = (error: unknown): boolean => error instanceof Refused && error.code === 'given-over';

export function trouble(error: unknown): string {
  if (!(error instanceof Refused) || error.status === 0) return say('give.line');
  const known = byCode[error.code as keyof typeof byCode];
  if (known) return say(known);
  if (error.status === 507) return say('give.disk');
  return say(error.status === 429 || error.status >= 500 ? 'give.busy' : 'give.refused');
}
