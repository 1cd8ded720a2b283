// What stopped a film on its way, as the family reads it: each has another thing to do about it.

import { Refused } from '../report-form/send';
import { say } from './words';

const byCode = {
  'given-kind': 'give.kind',
  'given-large': 'give.ownRoom',
  'given-many': 'give.many',
  'given-full': 'give.full',
} as const;

export function trouble(error: unknown): string {
  if (!(error instanceof Refused) || error.status === 0) return say('give.line');
  const known = byCode[error.code as keyof typeof byCode];
  if (known) return say(known);
  if (error.status === 507) return say('give.disk');
  return say(error.status === 429 || error.status >= 500 ? 'give.busy' : 'give.refused');
}
