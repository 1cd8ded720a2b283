// A clock that screens can follow: the server's time, twice a second.

import { serverClock } from '../time/server-clock';

class Now {
  ms = $state(serverClock.now());

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.ms = serverClock.now();
    }, 500);
  }
}

export const now = new Now();
