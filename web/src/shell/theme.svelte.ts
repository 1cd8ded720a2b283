// Dark by default, for the night; light, or as the device has it, when chosen. Paper is light.

export type Theme = 'dark' | 'light' | 'device';
const STORED = 'vonglau.theme';

class ThemeChoice {
  choice = $state<Theme>(stored());
  /** what is seen now */
  shown = $state<'dark' | 'light'>('dark');
  private readonly device = matchMedia('(prefers-color-scheme: light)');
  private readonly paper = matchMedia('print');

  constructor() {
    this.device.addEventListener('change', () => this.apply());
    this.paper.addEventListener('change', () => this.apply());
    this.apply();
  }

  use(choice: Theme): void {
    this.choice = choice;
    try {
      localStorage.setItem(STORED, choice);
    } catch {
      // it holds for this visit
    }
    this.apply();
  }

  private apply(): void {
    const light = this.paper.matches || this.choice === 'light' || (this.choice === 'device' && this.device.matches);
    this.shown = light ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = this.shown;
    document.querySelector('meta[name=theme-color]')?.setAttribute('content', light ? '#f4f6f9' : '#0d1117');
  }
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'device' ? value : 'dark';
  } catch {
    return 'dark';
  }
}

export const theme = new ThemeChoice();
