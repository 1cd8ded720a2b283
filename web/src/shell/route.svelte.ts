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
    const depth = this.depth + (how.replace ? 0 : 1);
    if (how.replace) history.replaceState({ depth }, '', to);
    else history.pushState({ depth }, '', to);
    this.read();
  }

  /** To where one came from within the app; to `otherwise` for who came from outside. */
  back(otherwise: string): void {
    if (this.depth > 0) history.back();
    else this.go(otherwise, { replace: true });
  }

  /** how many pages of the app lie behind this one */
  private get depth(): number {
    return Number((history.state as { depth?: number } | null)?.depth) || 0;
  }

  /** For the page's clicks: follows links of the app without loading the page anew. */
  readonly follow = (event: MouseEvent) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = (event.target as Element).closest('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    if ('back' in link.dataset) this.back(link.pathname);
    else this.go(link.pathname + link.search);
  };

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }
}

export const route = new Route();
