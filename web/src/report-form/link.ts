// The link by which a reporter reads the answer: number and secret stand after `#`, which browsers send nowhere.

export interface Followed {
  number: string;
  secret: string;
}

export function followedOf(hash: string): Followed | null {
  const found = /^#s=(\d{4}-\d{6,9})\.([A-Za-z0-9_-]{16,64})$/.exec(hash);
  return found ? { number: found[1]!, secret: found[2]! } : null;
}

export function hashOf({ number, secret }: Followed): string {
  return `#s=${number}.${secret}`;
}
