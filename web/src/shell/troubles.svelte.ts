// What is wrong now, as the server tells it over the live socket: begun, and not over yet.

import type { EventKind, Time } from '../api/types';

/** As the message `event` of docs/reference/live.md. */
export interface Trouble {
  id: string;
  /** null: the server itself */
  camera: string | null;
  name: string | null;
  kind: EventKind;
  from: Time;
  /** null while it goes on */
  to: Time | null;
  detail: string | null;
}

/** What is told of first: footage that is being lost, of all cameras before that of one. */
const ORDER: EventKind[] = ['storage', 'not-recorded', 'tamper', 'covered', 'black', 'frozen', 'moved', 'out-of-focus', 'held', 'motion'];

/** The list with `trouble` in it, or without it when it is over; the most pressing first. */
export function withTrouble(list: Trouble[], trouble: Trouble): Trouble[] {
  const others = list.filter(({ id }) => id !== trouble.id);
  if (trouble.to) return others;
  const rank = ({ kind }: Trouble) => ORDER.indexOf(kind);
  return [...others, trouble].sort((a, b) => rank(a) - rank(b) || a.from.localeCompare(b.from));
}

class Troubles {
  now = $state.raw<Trouble[]>([]);

  take(trouble: Trouble): void {
    this.now = withTrouble(this.now, trouble);
  }

  /** A new connection tells anew what goes on. */
  forget(): void {
    this.now = [];
  }
}

export const troubles = new Troubles();
