// Is the page shown that enrols this phone? A link with a code opens it; the code leaves the
// address at once, so that it is not shared with it.

import { codeOfHash } from './proof';

class Enrolling {
  open = $state(false);
  code = $state('');

  constructor() {
    this.read();
    addEventListener('hashchange', () => this.read());
  }

  private read(): void {
    const code = codeOfHash(location.hash);
    if (!code) return;
    this.code = code;
    this.open = true;
    history.replaceState(history.state, '', location.pathname + location.search);
  }
}

export const enrolling = new Enrolling();
