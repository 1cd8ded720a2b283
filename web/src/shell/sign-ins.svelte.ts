// Sign-ins of one's own account from devices that are new to it, as the server tells them over the
// live socket, until somebody has looked.

import type { Time } from '../api/types';

/** As the message `sign-in` of docs/reference/live.md. */
export interface NewSignIn {
  session: string;
  /** what the browser says it is */
  device: string;
  address: string;
  at: Time;
}

class SignIns {
  told = $state.raw<NewSignIn[]>([]);
  /** Rises with each; reading it makes an effect follow. */
  count = $state(0);

  take(one: NewSignIn): void {
    this.told = [one, ...this.told.filter(({ session }) => session !== one.session)];
    this.count++;
  }

  forget(): void {
    this.told = [];
  }
}

export const signIns = new SignIns();
