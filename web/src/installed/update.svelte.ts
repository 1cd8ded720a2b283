// A new version of the app: it is fetched behind the page's back by the service worker, and waits
// there until it can be taken without losing anything.

import { anyUnsent } from '../shell/unsent.svelte';
import { typed } from './typed';

/** How often a page that stays open asks for a new version. */
const PERIOD_MS = 3_600_000;
const TAKE_MOST_MS = 4_000;
/** held by each open window of the app */
const WINDOW = 'vonglau.window';

/** What keeps a page from being loaded anew without a question. */
export interface Hold {
  /** words stand on the page, or were kept as their sheet closed */
  typed: boolean;
  /** a page over the page */
  asks: boolean;
  /** footage that is played back, with the marks set in it */
  plays: boolean;
  /** the whole screen, as on a wall */
  full: boolean;
}

/** A new version is taken without a question only where nobody looks, and where nothing is lost by it. */
export function mayTake(hidden: boolean, windows: number, hold: Hold): boolean {
  return hidden && windows <= 1 && !hold.typed && !hold.asks && !hold.plays && !hold.full;
}

class Update {
  /** a new version can be taken */
  there = $state(false);
  /** it is being taken */
  busy = $state(false);

  private registration: ServiceWorkerRegistration | undefined;
  private asked = 0;

  /** True when a version waited already as the page opened: it is taken at once, nothing is lost yet. */
  async begin(): Promise<boolean> {
    this.registration = await navigator.serviceWorker.getRegistration();
    void navigator.locks.request(WINDOW, { mode: 'shared' }, () => new Promise(() => {}));
    if (!this.registration?.waiting || !navigator.serviceWorker.controller || (await windows()) > 1) return false;
    await this.take();
    return true;
  }

  /** Registers the service worker, and looks for new versions from then on. */
  async watch(): Promise<void> {
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) {
      // another window took the new version: parts of this one may be gone
      serviceWorker.addEventListener('controllerchange', () => this.found());
    }
    this.registration = await serviceWorker.register('/sw.js');
    this.asked = Date.now();
    if (this.registration.waiting && serviceWorker.controller) this.found();
    this.registration.addEventListener('updatefound', () => {
      const coming = this.registration?.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && serviceWorker.controller) this.found();
      });
    });
    document.addEventListener('visibilitychange', () => (document.hidden ? void this.unseen() : this.ask()));
    setInterval(() => this.ask(), PERIOD_MS);
  }

  /** A part of the app could not be loaded: where that is because the server has a newer one, says so. */
  async partMissing(): Promise<void> {
    const page = await fetch('/index.html', { cache: 'no-store' }).then((answer) => answer.text(), () => '');
    const own = document.querySelector<HTMLScriptElement>('script[type=module]')?.getAttribute('src');
    if (page && own && !page.includes(own)) this.there = true;
  }

  /** Takes the new version: the page is loaded anew. */
  async take(): Promise<void> {
    this.busy = true;
    const waiting = this.registration?.waiting;
    if (waiting) {
      const active = new Promise<void>((done) => waiting.addEventListener('statechange', () => waiting.state === 'activated' && done()));
      waiting.postMessage({ type: 'SKIP_WAITING' });
      await Promise.race([active, new Promise((done) => setTimeout(done, TAKE_MOST_MS))]);
    }
    location.reload();
  }

  private found(): void {
    if (this.busy) return;
    this.there = true;
    void this.unseen();
  }

  private async unseen(): Promise<void> {
    if (!this.there || !document.hidden) return;
    const count = await windows();
    if (mayTake(document.hidden, count, holdOfPage())) await this.take();
  }

  private ask(): void {
    if (Date.now() - this.asked < PERIOD_MS / 2) return;
    this.asked = Date.now();
    this.registration?.update().catch(() => {}); // without network: the next time
  }
}

export function holdOfPage(): Hold {
  return {
    typed: typed.any || anyUnsent(),
    asks: document.querySelector('dialog[open]') !== null,
    plays: document.querySelector('video') !== null,
    full: document.fullscreenElement !== null,
  };
}

async function windows(): Promise<number> {
  const { held } = await navigator.locks.query();
  return held?.filter(({ name }) => name === WINDOW).length ?? 1;
}

export const update = new Update();
