// Keeps a session alive that belongs to an enrolled phone: proves the phone again before it is due,
// and at once when a phone that slept wakes up.

import { api, Problem } from '../api/client';
import type { Me } from '../api/types';
import { proveDevice } from './key';
import { proofWaitMs } from './proof';

const AGAIN_MS = 15_000;
/** What was refused is tried ever so often: the answer may be of a server that is busy. */
const REFUSED_MS = 60_000;
/** Timers of browsers hold 31 bits; and a phone may have slept. */
const LOOK_MS = 30_000;

export class Prover {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private dueAt = 0;
  /** not before */
  private restUntil = 0;
  private busy = false;

  /** `changed`: the session has its rights again, or may have lost them; me is to be asked for anew. */
  constructor(private readonly changed: () => void) {
    document.addEventListener('visibilitychange', this.look);
    addEventListener('online', this.look);
  }

  /** Follows what the server last said of the session. */
  follow(me: Me | null): void {
    clearTimeout(this.timer);
    const due = me?.device?.id ? me.device.proof_due : null;
    this.dueAt = due && me?.now ? Date.now() + proofWaitMs(due, me.now) : 0;
    this.look();
  }

  private readonly look = () => {
    clearTimeout(this.timer);
    if (this.dueAt === 0) return;
    const wait = Math.max(this.dueAt, this.restUntil) - Date.now();
    if (wait <= 0) void this.prove();
    else this.timer = setTimeout(this.look, Math.min(wait, LOOK_MS));
  };

  private async prove(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const proof = await proveDevice();
      if (!proof) return this.rest(REFUSED_MS); // the key is not here: the session ends by itself
      await api.post('/session/proof', { challenge: proof.challenge, signature: proof.signature });
      this.rest(AGAIN_MS); // unless the answer to what follows says until when it holds
      this.changed();
    } catch (error) {
      const refused = error instanceof Problem && error.status > 0 && error.status < 500;
      this.rest(refused ? REFUSED_MS : AGAIN_MS);
      if (refused) this.changed();
    } finally {
      this.busy = false;
    }
  }

  private rest(ms: number): void {
    this.restUntil = Date.now() + ms;
    clearTimeout(this.timer);
    this.timer = setTimeout(this.look, ms);
  }
}
