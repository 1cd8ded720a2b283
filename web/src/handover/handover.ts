// What a link says: what opens it stands behind `#`, which browsers send nowhere.

export interface Handover {
  number: string;
  case: string;
  receiver: string;
  site: string;
  time_zone: string;
  language: string;
  cameras: number;
  size: number;
  manifest: string;
  downloads_left: number;
  from: string;
  to: string;
  until: string;
  file?: string;
}

export function secretOf(hash: string): string {
  const found = /^#([A-Za-z0-9_-]{20,64})$/.exec(hash);
  return found ? found[1]! : '';
}

/** In fours, as people compare it. */
export const hashWords = (hash: string): string => (hash.match(/.{1,4}/g) || []).join(' ');

/** As the officer's app and most computers tell it: whoever receives a package compares. */
export function sizeText(bytes: number, language: string): string {
  const [value, unit] = bytes < 1 << 20 ? [bytes / 1024, 'kB'] : bytes < 1 << 30 ? [bytes / (1 << 20), 'MB'] : [bytes / (1 << 30), 'GB'];
  return `${value.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })} ${unit}`;
}

export function momentText(time: string, zone: string, language: string): string {
  return new Date(time).toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric', hourCycle: 'h23' });
}

/** Which trouble an answer of the server means. */
export const troubleOf = (status: number): 'over' | 'often' | 'line' => (status === 404 || status === 400 ? 'over' : status === 429 ? 'often' : 'line');

/** A download that was begun rests for so long: who taps twice means one of it. */
export const REST_MS = 5_000;

/** `work`, which is not begun again while it is under way, nor while it rests after it. `changed` is called whenever `taken` did. */
export class Once {
  taken = false;

  constructor(
    private readonly work: () => Promise<boolean>,
    private readonly changed: () => void,
    private readonly restMs = REST_MS,
  ) {}

  readonly run = async (): Promise<void> => {
    if (this.taken) return;
    this.taken = true;
    this.changed();
    const rests = await this.work();
    const free = () => {
      this.taken = false;
      this.changed();
    };
    if (!rests) return free();
    setTimeout(free, this.restMs);
    this.changed();
  };
}
