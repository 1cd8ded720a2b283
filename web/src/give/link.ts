// The link of a household: what is asked, and the secret that opens it, after `#`, which browsers send nowhere.

export interface Link {
  id: string;
  secret: string;
}

export function linkOf(hash: string): Link | null {
  const found = /^#r=([0-9a-f-]{36})\.([A-Za-z0-9_-]{16,64})$/.exec(hash);
  return found ? { id: found[1]!, secret: found[2]! } : null;
}

export const pathOf = ({ id }: Link, rest = '') => `/public/requests/${id}${rest}`;
export const headersOf = ({ secret }: Link, type?: string): Record<string, string> => ({ 'X-Request-Secret': secret, ...(type ? { 'Content-Type': type } : {}) });
