// For tests: a negative certificate of one camera as a node makes it, taken apart, so that each part can be tampered with.

import { bytesOf } from './bytes';
import { BEGIN, keysOf, type Parts, type Signer } from './made-package';
import { sha256 } from './sums';

const CAMERA = '01010101-0101-4101-8101-010101010101';
const ID = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
/** The left half of the picture. */
const LEFT = 'ffff0000'.repeat(18);
const MINUTE_US = 60_000_000;

export interface Told {
  node?: string;
  caseNumber?: string;
  number?: string;
  verdict?: string;
  camera?: string;
  ntp?: number;
  gaps?: string;
  moved?: string;
  unknown?: string;
  partly?: string;
  cells?: string;
  region?: string;
}

/** SHA-256 list, certificate and its signature anew, over what else there is. */
export function certified(parts: Parts, signer: Signer, told: Told = {}): Parts {
  const all: Parts = new Map([...parts].filter(([name]) => !name.startsWith('certificate.')));
  const files = [...all].map(([name, data]) => `["${name}",${data.length},"${sha256(data)}"]`).join(',');
  const { verdict = 'empty', camera = verdict, ntp = 1200, gaps = '', moved = '', unknown = '', partly = '', cells = '', region = LEFT, node = ID, caseNumber = 'VV-2026-0042', number = 'CC-2026-0008' } = told;
  const text = bytesOf(
    `{"v":1,"type":"negative-certificate","format":1,"id":"${ID}","verdict":"${verdict}","at_us":${BEGIN + 2 * MINUTE_US},"from_us":${BEGIN},"to_us":${BEGIN + MINUTE_US},"reason":"m\\u1ea5t xe","approval":"before","case":"${caseNumber}","number":"${number}","people":[],` +
      `"node":"${node}","site":"X\\u00e3 th\\u1eed","zone":"Asia/Ho_Chi_Minh","program":"vonglau 0","cameras":[["${CAMERA}","C\\u1ed5ng","${camera}","${region}",${-ntp},${ntp},-1000000000,60,0,[${gaps}],[${moved}],[${unknown}],[${partly}],[${cells}]]],"files":[${files}],"key":"${signer.key.id}"}\n`,
  );
  return all.set('certificate.json', text).set('certificate.sig', signer.bytes(text));
}

export const makeCertificate = (signer: Signer, told: Told = {}): Parts =>
  certified(new Map([['report.pdf', bytesOf('a paper')], ...keysOf(signer).map(([name, text]): [string, ReturnType<typeof bytesOf>] => [name, bytesOf(text)])]), signer, told);
