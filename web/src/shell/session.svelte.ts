// Who is signed in on this device.

import { access } from '../access/access';
import { api, Problem, whenSignedOut } from '../api/client';
import type { Me } from '../api/types';
import { serverClock } from '../time/server-clock';
import { texts } from '../texts/texts.svelte';

class Session {
  /** undefined: not known yet; null: nobody */
  me = $state<Me | null | undefined>(undefined);
  /** the server could not be asked */
  unreachable = $state(false);

  readonly zone = $derived(this.me?.site.time_zone ?? 'Asia/Ho_Chi_Minh');

  constructor() {
    whenSignedOut(() => (this.me = null));
  }

  /** The site wants a second factor that the account has not: nothing else can be done. */
  readonly mustEnrol = $derived(Boolean(this.me?.second_factor?.needed && !this.me.second_factor.on));

  can(action: string): boolean {
    return this.me?.actions.includes(action) ?? false;
  }

  async load(): Promise<void> {
    try {
      this.enter(await timed(() => api.get<Me>('/me')));
      this.unreachable = false;
    } catch (error) {
      this.unreachable = !(error instanceof Problem && error.status === 401);
      if (!this.unreachable) this.me = null;
    }
  }

  /** `code`: of the authenticator app, or a recovery code; '' before it was asked for. */
  async signIn(name: string, password: string, code = ''): Promise<void> {
    this.enter(await timed(() => api.post<Me>('/session', { name, password, ...(code && { code }) })));
  }

  async signOut(): Promise<void> {
    await api.delete('/session').catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 401)) throw error;
    });
    this.me = null;
  }

  /** Keeps the language with the account, so that other devices follow. */
  async useLanguage(language: 'vi' | 'en'): Promise<void> {
    texts.use(language);
    await api.patch<Me | undefined>('/me', { language }).catch(() => {});
  }

  private enter(me: Me): void {
    this.me = me;
    access.enter(me);
    if (me.language === 'vi' || me.language === 'en') texts.use(me.language);
  }
}

async function timed(ask: () => Promise<Me>): Promise<Me> {
  const asked = Date.now();
  const me = await ask();
  const now = me.now ? Date.parse(me.now) : NaN;
  if (!Number.isNaN(now)) serverClock.note(asked, Date.now(), now, now);
  return me;
}

export const session = new Session();
