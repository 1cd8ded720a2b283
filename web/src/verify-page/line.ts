// The reader of canonical lines (docs/reference/ledger.md): one JSON object a line, ASCII, whole numbers, members in a
// fixed order. It takes lines from anyone, accepts just what the writer makes, and its error is sticky.

import { fromBase64, type Bytes } from './bytes';
import { sha256 } from './sums';

export const LINE_MOST_BYTES = 1 << 20;
const DEPTH_MOST = 8; // of arrays in arrays
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const KEY_ID = /^.{16}$/;

/** What every signed line ends in. */
export interface LineSeal {
  key: string;
  signature: Bytes;
  /** the line up to here is signed */
  signedBytes: number;
  /** of these bytes */
  hash: string;
}

export interface LineHead {
  type: string;
  seq: number;
  prev: string;
  seal: LineSeal;
}

export class LineReader {
  at = 0;
  failed: boolean;

  /** `text` without the newline, a character each byte of `bytes`. */
  constructor(
    readonly text: string,
    readonly bytes: Uint8Array,
  ) {
    this.failed = text.length > LINE_MOST_BYTES;
  }

  fail(): void {
    this.failed = true;
  }

  private here(): string {
    return this.failed ? '' : this.text.charAt(this.at);
  }

  private literal(text: string): boolean {
    if (this.failed || !this.text.startsWith(text, this.at)) {
      this.failed = true;
      return false;
    }
    this.at += text.length;
    return true;
  }

  nextIs(key: string): boolean {
    return !this.failed && this.text.startsWith(`,"${key}":`, this.at);
  }

  private name(key: string | null): void {
    if (key !== null) this.literal(`,"${key}":`);
  }

  start(type: string): void {
    this.literal(`{"v":1,"type":"${type}"`);
  }

  startAny(): void {
    this.literal('{"v":1');
  }

  /** What matches here, all of it; '' and failed when nothing does. */
  private take(sticky: RegExp): string {
    sticky.lastIndex = this.at;
    const found = this.failed ? null : sticky.exec(this.text);
    if (!found) {
      this.failed = true;
      return '';
    }
    this.at += found[0].length;
    return found[0];
  }

  /** Plain ASCII without escapes, at most `most` characters. */
  chars(key: string | null, most: number): string {
    this.name(key);
    const quoted = this.take(/"[ !#-[\]-~]*"/y);
    if (quoted.length > most + 2) this.failed = true;
    return this.failed ? '' : quoted.slice(1, -1);
  }

  int(key: string | null): number {
    this.name(key);
    const value = Number(this.take(/0(?!\d)|-?[1-9]\d*/y));
    if (!Number.isSafeInteger(value)) this.failed = true;
    return this.failed ? 0 : value;
  }

  count(key: string | null, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.int(key);
    if (value < 0 || value > most) this.failed = true;
    return value;
  }

  private matching(key: string | null, most: number, pattern: RegExp): string {
    const text = this.chars(key, most);
    if (!pattern.test(text)) this.failed = true;
    return text;
  }

  uuid(key: string | null): string {
    return this.matching(key, 36, UUID);
  }

  /** In hex. */
  hash(key: string | null): string {
    return this.matching(key, 64, HASH);
  }

  base64(key: string | null, most: number): Bytes {
    const decoded = fromBase64(this.chars(key, LINE_MOST_BYTES));
    if (!decoded || decoded.length > most) {
      this.failed = true;
      return new Uint8Array(0);
    }
    return decoded;
  }

  /** One code unit after "\u"; lower-case digits, as the writer makes them. */
  private unit(): number {
    return parseInt(this.take(/[0-9a-f]{4}/y) || '0', 16);
  }

  private escaped(): number {
    this.at++;
    const kind = this.here();
    if (kind === '"' || kind === '\\') {
      this.at++;
      return kind.charCodeAt(0);
    }
    this.literal('u');
    const unit = this.unit();
    if (unit >= 0xd800 && unit < 0xdc00) {
      this.literal('\\u');
      const low = this.unit();
      if (low < 0xdc00 || low > 0xdfff) this.failed = true;
      return this.failed ? 0 : 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    const plain = unit >= 0x20 && unit < 0x7f;
    if (unit === 0 || plain || (unit >= 0xdc00 && unit <= 0xdfff)) this.failed = true;
    return unit;
  }

  /** Any text, with its escapes undone. */
  words(key: string | null): string {
    this.name(key);
    this.literal('"');
    let text = '';
    while (!this.failed) {
      const c = this.here();
      if (c === '"') {
        this.at++;
        return text;
      }
      if (c === '\\') text += String.fromCodePoint(this.escaped());
      else text += this.take(/[ !#-[\]-~]+/y);
    }
    return '';
  }

  array(key: string | null): void {
    this.name(key);
    this.literal('[');
  }

  /** Before each item; false behind the last one. */
  item(): boolean {
    const first = this.at > 0 && this.text.charAt(this.at - 1) === '[';
    if (this.here() === ']') {
      this.at++;
      return false;
    }
    if (!first) this.literal(',');
    return !this.failed;
  }

  /** Each item by `read`; no more may follow than it reads. */
  items(key: string | null, read: () => void): void {
    this.array(key);
    while (this.item()) read();
  }

  /** An array of just these parts. */
  parts(...read: (() => void)[]): void {
    this.array(null);
    for (const one of read) {
      if (this.item()) one();
      else this.failed = true;
    }
    if (this.item()) this.failed = true;
  }

  /** A text or a number, whichever stands there. */
  value(): string | number {
    return this.here() === '"' ? this.words(null) : this.int(null);
  }

  private anyValue(depth: number): void {
    if (this.here() === '[' && depth < DEPTH_MOST) {
      this.array(null);
      while (this.item()) this.anyValue(depth + 1);
    } else this.value();
  }

  /** Any member, whatever it is; false at the end of the object or on failure. */
  any(): boolean {
    if (this.here() === '}' || !this.literal(',')) return false;
    this.chars(null, 31);
    this.literal(':');
    this.anyValue(0);
    return !this.failed;
  }

  seal(): LineSeal {
    const key = this.matching('key', 16, KEY_ID);
    const signedBytes = this.at;
    const signature = this.base64('sig', 64);
    if (signature.length !== 64) this.failed = true;
    const hash = this.failed ? '' : sha256(this.bytes.subarray(0, signedBytes));
    return { key, signature, signedBytes, hash };
  }

  /** "}" and nothing behind it; true when nothing ever failed. */
  end(): boolean {
    if (this.literal('}') && this.at !== this.text.length) this.failed = true;
    return !this.failed;
  }
}

/** Type, number and seal of any signed line, whatever else it holds. */
export function readHead(text: string, bytes: Uint8Array): LineHead | null {
  const reader = new LineReader(text, bytes);
  reader.startAny();
  const type = reader.chars('type', 31);
  while (!reader.nextIs('seq')) if (!reader.any()) return null;
  const seq = reader.int('seq');
  while (!reader.nextIs('prev')) if (!reader.any()) return null;
  const prev = reader.hash('prev');
  const seal = reader.seal();
  while (reader.any());
  return reader.end() && seq > 0 ? { type, seq, prev, seal } : null;
}
