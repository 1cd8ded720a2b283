// The result in the form of `vonglau verify --json`, in English as there.

import type { Result } from './check';
import type { Fault } from './faults';
import { grouped } from './keyring';
import { sayIn } from './words';

export type KeyState = 'unasked' | 'same' | 'other';

const KEYS = 'proofs/keys.jsonl';

/** Whether a key of the package has the fingerprint (bare digits, or their beginning) that somebody has from elsewhere. */
export function keyState(result: Result, digits: string | null): KeyState {
  if (digits === null) return 'unasked';
  return result.fingerprints.some((one) => one.startsWith(digits)) ? 'same' : 'other';
}

export type Outcome = 'good' | 'unconfirmed' | 'bad' | 'otherKey';

export function outcomeOf(result: Result, key: KeyState): Outcome {
  if (result.faults.length > 0 || result.endedEarly || result.counts.lines === 0) return 'bad';
  return ({ unasked: 'unconfirmed', same: 'good', other: 'otherKey' } as const)[key];
}

/** All faults, with that of the key. */
export function faultsOf(result: Result, key: KeyState): Fault[] {
  if (key !== 'other' || result.fingerprints.length === 0) return result.faults;
  const fingerprint = grouped(result.fingerprints.at(-1)!);
  return [...result.faults, { code: 'keyOther', params: { fingerprint }, file: KEYS, camera: '', from: 0, to: 0 }];
}

/** Microseconds as the API writes times. */
export const timeText = (us: number): string => new Date(Math.floor(us / 1000)).toISOString();
const timeOrNull = (us: number) => (us === 0 ? null : timeText(us));

export function resultJson(name: string, result: Result, key: KeyState): Record<string, unknown> {
  const outcome = outcomeOf(result, key);
  const faults = faultsOf(result, key);
  return {
    passed: outcome === 'good' || outcome === 'unconfirmed',
    verdict: { good: 'consistent', unconfirmed: 'key-not-confirmed', bad: 'faulty', otherKey: 'faulty' }[outcome],
    key_confirmed: key === 'same',
    fingerprint: result.fingerprints.length > 0 ? grouped(result.fingerprints.at(-1)!) : null,
    cameras: result.negative ? new Set(result.negative.cameras.map(({ id }) => id)).size : result.cameras.length,
    ...result.counts,
    faults: faults.map(({ code, params, file, camera, from, to }) => ({
      camera: camera || null,
      from: timeOrNull(from),
      to: timeOrNull(to),
      path: file ? `${name}: ${file}` : name,
      what: sayIn('en', `verify.fault.${code}`, params),
    })),
    notes: result.notes.map(({ code, params, of }) => (of ? `${of}: ` : '') + sayIn('en', `verify.note.${code}`, params)),
    seconds: result.cameras.flatMap(({ camera, spans }) => spans.map(({ from, to, verdict }) => ({ camera, from: timeText(from), to: timeText(to), verdict }))),
    complete: result.cameras.map(({ camera, complete }) => ({ camera, complete })),
  };
}
