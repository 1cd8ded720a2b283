// For tests: a package of one camera as a node makes it, taken apart, so that each part can be tampered with.

import { getPublicKey, sign } from '@noble/ed25519';
import { bytesOf, fromHex, textOf, toBase64, type Bytes } from './bytes';
import { continuityText, gapsOf, timeText, type Facts, type Media } from './facts';
import { pemOf, publicKey } from './keyring';
import { merkleRoot } from './merkle';
import { sha256, crc32 } from './sums';
import { directoryOf, entryAt, localHeader, type ZipEntry } from './zip';

const CAMERA = '01010101-0101-4101-8101-010101010101';
const OTHER = '02020202-0202-4202-8202-020202020202';
const VOLUME = '0a0a0a0a-0a0a-4a0a-8a0a-0a0a0a0a0a0a';
const PACKAGE = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const NOTHING = '0'.repeat(64);
const SECOND_US = 1_000_000;
const NAME = 'media/01/2026-11-23_100000.000Z-main.mp4';

export const BEGIN = Date.UTC(2026, 10, 23, 10) * 1000;
export const FRAGMENTS = 12;
/** Footage ends at its end; what was asked for, 5 s later. */
export const END = BEGIN + FRAGMENTS * SECOND_US;

export class Signer {
  readonly key;

  constructor(private readonly seed: Bytes) {
    this.key = publicKey(getPublicKey(seed) as Bytes);
  }

  bytes(data: Uint8Array): Bytes {
    return sign(data, this.seed) as Bytes;
  }

  /** `fields` with key and signature behind them; `rest` is not signed. */
  line(fields: string, rest = ''): { text: string; hash: string } {
    const signed = `${fields},"key":"${this.key.id}"`;
    return { text: `${signed},"sig":"${toBase64(this.bytes(bytesOf(signed)))}"${rest}}\n`, hash: sha256(bytesOf(signed)) };
  }
}

const words = (...values: number[]) => {
  const data = new Uint8Array(values.length * 4);
  values.forEach((value, i) => new DataView(data.buffer).setUint32(4 * i, value));
  return data;
};

export function joined(...parts: Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function box(type: string, ...inside: Uint8Array[]): Bytes {
  const body = joined(...inside);
  return joined(words(body.length + 8), bytesOf(type), body);
}

/** A second of footage: one picture, a key picture every other time. */
export function fragment(index: number): Bytes {
  const us = BEGIN + index * SECOND_US;
  const seconds = Math.floor(us / SECOND_US) + 2_208_988_800;
  const picture = new Uint8Array(40).fill(index + 1);
  const trun = box('trun', words(0x701, 1, 100, 90_000, picture.length, index % 2 === 0 ? 0x02000000 : 0x01010000));
  const traf = box('traf', box('tfhd', words(0x020000, 1)), box('tfdt', words(0x01000000, 0, index * 90_000)), trun);
  return joined(box('prft', words(0x01000000, 1, seconds % 2 ** 32, 0, 0, 0)), box('moof', box('mfhd', words(0, index + 1)), traf), box('mdat', picture));
}

const INIT = joined(box('ftyp', bytesOf('iso6')), box('moov', new Uint8Array(20)));

export type Parts = Map<string, Bytes>;

export function pack(parts: Parts): Bytes {
  const pieces: Bytes[] = [];
  const entries: ZipEntry[] = [];
  let at = 0;
  for (const [name, data] of parts) {
    const entry = { name, bytes: data.length, offset: at, crc: crc32(0, data) };
    entries.push(entry);
    pieces.push(localHeader(entry), data);
    at = entryAt(entry) + data.length;
  }
  return joined(...pieces, directoryOf(entries, at));
}

export const zipOf = (parts: Parts): Blob => new Blob([pack(parts)]);

/** What time.json says of the camera's clock. */
const CLOCKS = `["${CAMERA}","start",2000000,1000000,${BEGIN}],["${CAMERA}","end"],["${CAMERA}","export",-3000000,1000000,${END}]`;

/** What a manifest says of the films of makePackage(). */
export const FILMS = `["${CAMERA}",${BEGIN},${END},"avc1.640028",1920,1080,${FRAGMENTS},${FRAGMENTS * 90_000}]`;

/** SHA256SUMS, manifest and its signature anew; `working` is what it says of copies, `films` of films: of none, it is of the
 * first format. */
export function signed(parts: Parts, signer: Signer, working = '', films = ''): Parts {
  const all: Parts = new Map([...parts].filter(([name]) => !/^(SHA256SUMS|manifest\..*)$/.test(name)));
  if (films) all.set('time.json', bytesOf(textOf(all.get('time.json')!).replace(',"media":', `,"clocks":[${CLOCKS}],"media":`)));
  const sums = [...all].map(([name, data]) => `${sha256(data)}  ${name}\n`).join('');
  all.set('SHA256SUMS', bytesOf(sums));
  const files = [...all].map(([name, data]) => `["${name}",${data.length},"${sha256(data)}"]`).join(',');
  const manifest = bytesOf(
    `{"v":1,"type":"evidence-package","format":${films ? 2 : 1},"id":"${PACKAGE}","at_us":${END + 9},"from_us":${BEGIN},"to_us":${END + 5 * SECOND_US},"reason":"va ch\\u1ea1m <b>\\ud83d\\udea8</b>","made":"console","approval":"","case":"2026-0042","number":"","people":[],` +
      `"node":"${OTHER}","site":"X\\u00e3 th\\u1eed","zone":"Asia/Ho_Chi_Minh","program":"vonglau 0","cameras":[["id","${CAMERA}","name","C\\u1ed5ng"]]${films ? `,"films":[${films}]` : ''},"audit_seq":0,"audit_head":"${NOTHING}","files":[${files}]${working},"key":"${signer.key.id}"}\n`,
  );
  return all.set('manifest.json', manifest).set('manifest.sig', signer.bytes(manifest));
}

/** The node's one key, as a package and a certificate have it. */
export function keysOf(signer: Signer): [string, string][] {
  const { key } = signer;
  const line = `{"v":1,"type":"key","seq":1,"at_us":${BEGIN},"public":"${toBase64(key.bytes)}","prev":"${NOTHING}","key":"${key.id}"`;
  const proof = toBase64(signer.bytes(bytesOf(line)));
  return [['proofs/keys.jsonl', `${line},"sig":"${proof}","proof":"${proof}"}\n`], ['proofs/node-key.pem', pemOf(key)]];
}

/** `ntp`: how far the node's clock was from NTP, in microseconds. */
export function makePackage(signer: Signer, ntp = 1200): Parts {
  const fragments = Array.from({ length: FRAGMENTS }, (_, i) => fragment(i));
  const entries = [INIT, ...fragments].map((part) => sha256(part));
  const footage = joined(INIT, ...fragments);
  const gap = `[${END},${END + 20 * SECOND_US},"camera-offline"]`;
  const seal = signer.line(
    `{"v":1,"type":"segment","camera":"${CAMERA}","volume":"${VOLUME}","seq":7,"file":"2026-11-23/100000.000Z-main.mp4","stream":"main","from_us":${BEGIN},"to_us":${END},"bytes":${footage.length},"pictures":${FRAGMENTS},` +
      `"codec":"avc1.640028","width":1920,"height":1080,"audio":"","offset_us":0,"ntp_us":${ntp},"gaps":[${gap}],"recovered":0,"entries":${entries.length},"root":"${merkleRoot(entries)}","prev":"${NOTHING}"`,
    `,"leaves":"${toBase64(joined(...entries.map(fromHex)))}"`,
  );
  const root = signer.line(
    `{"v":1,"type":"root","seq":1,"kind":"interim","day":"2026-11-23","at_us":${END},"chains":[["${CAMERA}","${VOLUME}",7]],"entries":1,"root":"${merkleRoot([seal.hash])}","audit":0,"audit_root":"${NOTHING}","before":"${NOTHING}","prev":"${NOTHING}"`,
  );
  const media: Media = { name: NAME, camera: 0, volume: VOLUME, seq: 7, first: 1, last: FRAGMENTS, from: BEGIN, to: END, offset: 0, ntp, at: 0, bytes: footage.length, codec: 'avc1.640028', width: 1920, height: 1080, audio: '', pictures: FRAGMENTS, ticks: FRAGMENTS * 90_000, key: BEGIN };
  const facts: Facts = { from: BEGIN, to: END + 5 * SECOND_US, cameras: [CAMERA], media: [media], declared: [{ camera: 0, from: END, to: END + 20 * SECOND_US, cause: 'camera-offline' }] };
  const gaps = gapsOf(facts);
  const texts: [string, string][] = [
    ['continuity.json', continuityText(facts, gaps)],
    ['time.json', timeText(facts, gaps, { at: END + 9, ntp, clocks: null })],
    ...keysOf(signer),
    ['proofs/roots.jsonl', root.text],
    ['proofs/paths.jsonl', `{"v":1,"type":"path","camera":"${CAMERA}","volume":"${VOLUME}","seq":7,"root":1,"index":0,"path":[]}\n`],
    ['proofs/seals-01.jsonl', seal.text],
    ['custody.jsonl', ''],
    ['VERIFY.md', 'how'],
  ];
  return signed(new Map([[NAME, footage], ...texts.map(([name, text]): [string, Bytes] => [name, bytesOf(text)])]), signer);
}

/** What is added when the day of a package is over. */
export function dayProofs(signer: Signer, parts: Parts): string {
  const seal = textOf(parts.get('proofs/seals-01.jsonl')!);
  const hash = sha256(bytesOf(seal.slice(0, seal.indexOf(',"sig":"'))));
  const root = signer.line(
    `{"v":1,"type":"root","seq":2,"kind":"day","day":"2026-11-23","at_us":${END + 9},"chains":[["${CAMERA}","${VOLUME}",7]],"entries":1,"root":"${merkleRoot([hash])}","audit":0,"audit_root":"${NOTHING}","before":"${NOTHING}","prev":"${NOTHING}"`,
  );
  return `${root.text}{"v":1,"type":"path","camera":"${CAMERA}","volume":"${VOLUME}","seq":7,"root":2,"index":0,"path":[]}\n`;
}

/** The first `from` of a part becomes `to`. */
export function edited(parts: Parts, name: string, from: string, to: string): Parts {
  const text = textOf(parts.get(name)!);
  if (!text.includes(from)) throw new Error(`${name} does not say ${from}`);
  return new Map(parts).set(name, bytesOf(text.replace(from, () => to)));
}

/** The footage file with other fragments, by number. */
export const withFragments = (parts: Parts, numbers: number[]): Parts => new Map(parts).set(NAME, joined(INIT, ...numbers.map(fragment)));

const FILM = 'household/01/given-1.mp4';
const GIVEN_BY = ['f1010101-0101-4101-8101-010101010101', 'bb020202-0202-4202-8202-020202020202', 'aa030303-0303-4303-8303-030303030303'] as const;

/** With a film of a household; `wrong` says what the manifest and the consent tell of it instead. */
export function withGiven(parts: Parts, signer: Signer, wrong: { name?: string; hash?: string; type?: string; consent?: string; bytes?: number } = {}): Parts {
  const film = bytesOf('what a film would be');
  const name = wrong.name ?? FILM;
  const hash = wrong.hash ?? sha256(film);
  const type = wrong.type ?? 'video/mp4';
  const [file, answer, request] = GIVEN_BY;
  const consent =
    `{"v":1,"type":"household-consent","household":1,"request":"${request}","answer":"${answer}","pin_us":1,"may_ask_us":1,"left_us":0,"case":"2026-0042","what":"xe","unit":"CA","from_us":1,"to_us":2,"radius_m":150,"asked_us":1,"deadline_us":3,` +
    `"clock":"of the device, not checked","masks":"none by the server","files":[["${name}","${file}","${type}",${wrong.bytes ?? film.length},"${hash}",1,2,3]],"looks":[[1,4,"officer","look"]]}\n`;
  const all = new Map(parts).set(name, film).set('consent/01.json', bytesOf(wrong.consent ?? consent));
  return signed(all, signer, `,"given":[["${name}","${file}","${answer}","${request}",2,"${hash}","${type}"]]`);
}

const COPY = 'working/01/NOT-ORIGINAL_redacted-1.mp4';

/** With a redacted copy of its first seconds; `wrong` says of what the manifest says it was made. */
export function withCopy(parts: Parts, signer: Signer, wrong: { parent?: string; camera?: string; to?: number; box?: string; name?: string } = {}): Parts {
  const name = wrong.name ?? COPY;
  const all = new Map(parts).set(name, bytesOf('what a film would be'));
  const box = wrong.box ?? `${BEGIN + SECOND_US},1000,2000,3000,4000`;
  const redaction = `["${wrong.camera ?? CAMERA}",${BEGIN},${wrong.to ?? BEGIN + 4 * SECOND_US},0,[[1,[[${box}]]]]]`;
  const parent = wrong.parent ?? sha256(parts.get(NAME)!);
  return signed(all, signer, `,"working":[["${name}",[["${NAME}","${parent}"]],"boxes put in","libx264",${redaction}]]`);
}
