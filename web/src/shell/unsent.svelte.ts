// What somebody typed and did not send: a sheet that is closed by a slip of the thumb, or a page that is left by the back
// button, has it again when it is opened anew. In memory only, and only as long as the same person is signed in.

/** at each place the words, and what they were before anybody typed */
const kept = new Map<string, { words: object; fresh: string }>();
let whose = '';

/** What was typed at `where`, or `fresh`. Its members are bound to fields as they are. */
export function unsent<T extends object>(where: string, fresh: T): T {
  const known = kept.get(where);
  const words = $state((known?.words as T | undefined) ?? fresh);
  kept.set(where, { words, fresh: known?.fresh ?? JSON.stringify(fresh) });
  return words;
}

/** It was sent: the next one begins anew. */
export function sent(where: string): void {
  kept.delete(where);
}

/** Something stands somewhere that a page that is loaded anew would lose. */
export const anyUnsent = (): boolean => [...kept.values()].some(({ words, fresh }) => JSON.stringify(words) !== fresh);

/** Who is at this device; '': nobody, by their own will. What another one typed is gone. */
export function unsentFor(account: string): void {
  if (account !== whose) kept.clear();
  whose = account;
}
