// The app on the home screen: whether it is there, and how it gets there.

/** Chromium's offer to install (not a standard yet). */
interface InstallOffer extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

export type InstallWay = 'installed' | 'offer' | 'insecure' | 'iphone' | 'menu';

/** How the app gets onto the home screen of a device, by what its browser says of itself. */
export function installWay(facts: { installed: boolean; offered: boolean; secure: boolean; agent: string; touches: number }): InstallWay {
  if (facts.installed) return 'installed';
  if (!facts.secure) return 'insecure';
  if (facts.offered) return 'offer';
  // an iPad calls itself a Mac; Macs have no touch screen
  if (/iPhone|iPad|iPod/.test(facts.agent) || (/Macintosh/.test(facts.agent) && facts.touches > 1)) return 'iphone';
  return 'menu';
}

class Install {
  private offer = $state.raw<InstallOffer | null>(null);
  private done = $state(false);

  readonly way = $derived(
    installWay({
      installed: this.done || matchMedia('(display-mode: standalone)').matches,
      offered: this.offer !== null,
      secure: isSecureContext,
      agent: navigator.userAgent,
      touches: navigator.maxTouchPoints,
    }),
  );

  /** From the start of the page: browsers offer it once. */
  watch(): void {
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault(); // no bar over the picture; Settings has a button
      this.offer = event as InstallOffer;
    });
    addEventListener('appinstalled', () => (this.done = true));
  }

  async ask(): Promise<void> {
    const offer = this.offer;
    this.offer = null; // each offer can be asked once
    if (offer) this.done = (await offer.prompt()).outcome === 'accepted';
  }
}

export const install = new Install();
