// A family's no, kept on their own phone and nowhere else: whoever makes a new link for the house would read it from the
// server. It goes by the id in the link, which a new link has, too. The app lies at the same address: on a phone that it is
// used on, its own officer would read the no there, so nothing is kept.

import type { Link } from './link';

const PREFIX = 'vonglau.no.';
const APP = 'vonglau.app';
const keyOf = ({ id }: Link) => PREFIX + id;

/** Somebody signed in to the app in this browser: it keeps no family's no from now on, and what it kept is gone. */
export function appIsUsedHere(): void {
  try {
    localStorage.setItem(APP, '1');
    for (const key of Object.keys(localStorage)) if (key.slice(0, PREFIX.length) === PREFIX) localStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing keeps no no either
  }
}

/** Is a no forgotten here as soon as it is said? */
export function keepsNothing(): boolean {
  try {
    return localStorage.getItem(APP) !== null || matchMedia('(display-mode: standalone)').matches;
  } catch {
    return true;
  }
}

export function keepNo(link: Link): void {
  if (keepsNothing()) return;
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
