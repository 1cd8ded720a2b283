// What somebody typed and did not send: a sheet that is closed by a slip of the thumb, or a page that is left by the back
// button, has it again when it is opened anew. In memory only, and only as long as the same person is signed in.

const kept = new Map<string, object>();
let whose = '';

/** What was typed at `where`, or `fresh`. Its members are bound to fields as they are. */
export function unsent<T extends object>(where: string, fresh: T): T {
  const words = $state((kept.get(where) as T | undefined) ?? fresh);
  kept.set(where, words);
  return words;
}

/** It was sent: the next one begins anew. */
export function sent(where: string): void {
  kept.delete(where);
}

/** Who is at this device; '': nobody, by their own will. What another one typed is gone. */
export function unsentFor(account: string): void {
  if (account !== whose) kept.clear();
  whose = account;
}
