// What an enrolled phone signs, and in which form it is sent. The texts are those of the server
// (docs/design/decisions/084).

/** How long before its proof is due a phone proves itself again. */
const AHEAD_MS = 2 * 60_000;

/** As codes are compared: upper case, without blanks and hyphens. */
export function foldCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[\s-]/g, '');
}

/** The code of a link that a QR code led to, "#enrol=ABCD2345"; '' without. */
export function codeOfHash(hash: string): string {
  return foldCode(/^#enrol=([0-9A-Za-z-]{4,20})$/.exec(hash)?.[1] ?? '');
}

/** "ABCD 2345", easier to read aloud. */
export function spacedCode(code: string): string {
  return code.replace(/^(.{4})(.+)$/, '$1 $2');
}

export function enrolText(code: string): string {
  return `vonglau enrol\n${foldCode(code)}`;
}

export function proofText(device: string, challenge: string): string {
  return `vonglau proof\n${device}\n${challenge}`;
}

export function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** How long to wait before the next proof, by the server's clock; 0: at once. */
export function proofWaitMs(due: string, now: string): number {
  return Math.max(0, Date.parse(due) - Date.parse(now) - AHEAD_MS);
}
