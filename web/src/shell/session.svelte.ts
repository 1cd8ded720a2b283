// Who is signed in on this device.

import { access } from '../access/access';
import { api, Problem, whenSignedOut } from '../api/client';
import type { Me } from '../api/types';
import { appIsUsedHere } from '../give/no';
import { proveDevice } from '../device/key';
import { Prover } from '../device/prover';
import { serverClock } from '../time/server-clock';
import { signIns } from './sign-ins.svelte';
import { unsentFor } from './unsent.svelte';
import { keepOn, switchOff } from '../told/push';
import { siteLanguage } from '../texts/site-language';
import { isLanguage, texts, type Language } from '../texts/texts.svelte';

class Session {
  /** undefined: not known yet; null: nobody */
  me = $state<Me | null | undefined>(undefined);
  /** the server could not be asked */
  unreachable = $state(false);

  readonly zone = $derived(this.me?.site.time_zone ?? 'Asia/Ho_Chi_Minh');

  private readonly prover = new Prover(() => void this.load());

  constructor() {
    whenSignedOut(() => this.leave());
  }

  /** The site wants an enrolled phone of this role, and this is none. */
  readonly lacksDevice = $derived(Boolean(this.me?.device?.needed && !this.me.device.id));
  /** The phone has to prove itself before anything else can be done. */
  readonly overdue = $derived(Boolean(this.me?.device?.proof_due && this.me.now >= this.me.device.proof_due));

  /** The site wants a second factor that the account has not: nothing else can be done. */
  readonly mustEnrol = $derived(Boolean(this.me?.second_factor?.needed && !this.me.second_factor.on));

  can(action: string): boolean {
    return this.me?.actions.includes(action) ?? false;
  }

  async load(): Promise<void> {
    try {
      await this.enter(await timed(() => api.get<Me>('/me')));
      this.unreachable = false;
    } catch (error) {
      this.unreachable = !(error instanceof Problem && error.status === 401);
      if (!this.unreachable) {
        this.leave();
        void greet();
      }
    }
  }

  /** `code`: of the authenticator app, or a recovery code; '' before it was asked for. */
  async signIn(name: string, password: string, code = ''): Promise<void> {
    const device = await proveDevice();
    await this.enter(await timed(() => api.post<Me>('/session', { name, password, ...(code && { code }), ...(device && { device }) })));
  }

  async signOut(): Promise<void> {
    await switchOff().catch(() => {}); // whoever comes next is not told what is not for them
    await api.delete('/session').catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 401)) throw error;
    });
    unsentFor('');
    this.leave();
  }

  /** Keeps the language with the account, so that other devices follow. */
  async useLanguage(language: Language): Promise<void> {
    await texts.use(language);
    await api.patch<Me | undefined>('/me', { language }).catch(() => {});
  }

  private leave(): void {
    this.me = null;
    signIns.forget();
    this.prover.follow(null);
  }

  private async enter(me: Me): Promise<void> {
    if (isLanguage(me.language)) await texts.use(me.language);
    this.me = me;
    appIsUsedHere();
    unsentFor(me.id ?? '');
    access.enter(me);
    this.prover.follow(me);
    if (me.actions.length > 0) void keepOn();
  }
}

/** Who never chose a language on this device is spoken to in the site's. */
async function greet(): Promise<void> {
  if (texts.chosen) return;
  const language = await siteLanguage();
  if (language) await texts.greet(language);
}

async function timed(ask: () => Promise<Me>): Promise<Me> {
  const asked = Date.now();
  const me = await ask();
  const now = me.now ? Date.parse(me.now) : NaN;
  if (!Number.isNaN(now)) serverClock.note(asked, Date.now(), now, now);
  return me;
}

export const session = new Session();
