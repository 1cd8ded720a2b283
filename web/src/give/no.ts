// A family's no, kept on their own phone and nowhere else: whoever makes a new link for the house would read it from the
// server. It goes by the id in the link, which a new link has, too.

import type { Link } from './link';

const keyOf = ({ id }: Link) => `vonglau.no.${id}`;

export function keepNo(link: Link): void {
  try {
    localStorage.setItem(keyOf(link), '1');
  } catch {
    // a browser that keeps nothing forgets it with the page
  }
}

export function forgetNo(link: Link): void {
  try {
    localStorage.removeItem(keyOf(link));
  } catch {
    // nothing was kept
  }
}

export function saidNo(link: Link): boolean {
  try {
    return localStorage.getItem(keyOf(link)) !== null;
  } catch {
    return false;
  }
}
