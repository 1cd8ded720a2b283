// One element over the whole screen, and nothing else. Browsers that give no element the screen
// (the iPhone's) get as much of it as the page has; Escape leaves both.

export class FullScreen {
  on = $state(false);

  /** `element` is asked for when it is needed. */
  constructor(private readonly element: () => HTMLElement | undefined) {}

  readonly toggle = () => {
    if (this.on) this.leave();
    else this.enter();
  };

  /** For the page's keys: true when Escape left the screen that the browser does not know of. */
  escaped(key: string): boolean {
    if (key !== 'Escape' || !this.on || document.fullscreenElement) return false;
    this.on = false;
    return true;
  }

  /** Follows what the browser says, until the returned function is called. */
  readonly follow = () => {
    const look = () => (this.on = document.fullscreenElement !== null && document.fullscreenElement === this.element());
    document.addEventListener('fullscreenchange', look);
    return () => {
      document.removeEventListener('fullscreenchange', look);
      if (this.on) this.leave();
    };
  };

  private enter(): void {
    const element = this.element();
    if (!element) return;
    if (element.requestFullscreen) void element.requestFullscreen().catch(() => (this.on = true));
    else this.on = true;
  }

  private leave(): void {
    this.on = false;
    if (document.fullscreenElement) void document.exitFullscreen();
  }
}
