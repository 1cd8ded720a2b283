// Codes of an authenticator app as people type them: "123 456".

export function isWholeCode(typed: string): boolean {
  return /^\d{6}$/.test(typed.replaceAll(' ', ''));
}
