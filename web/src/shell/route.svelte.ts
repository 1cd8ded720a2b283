// Which screen is shown: the path of the page's address, e.g. /playback/<camera>?at=…

class Route {
  path = $state(location.pathname);
  query = $state(new URLSearchParams(location.search));

  /** "/live/7" → ["live", "7"] */
  readonly parts = $derived(this.path.split('/').filter(Boolean).map(decodeURIComponent));

  constructor() {
    addEventListener('popstate', () => this.read());
  }

  go(to: string, how: { replace?: boolean } = {}): void {
    if (how.replace) history.replaceState(null, '', to);
    else history.pushState(null, '', to);
    this.read();
  }

  /** For the page's clicks: follows links of the app without loading the page anew. */
  readonly follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  };

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }
}

export const route = new Route();
