// What came of it, in a sentence; what that proves, and what not; each fault in plain words.

import { button, el, type Inside } from '../report-form/dom';
import type { Result } from './check';
import type { Fault } from './faults';
import type { Manifest } from './manifest';
import { faultsOf, outcomeOf, type KeyState } from './result';
import { moment, until } from './times';
import { locale, say, sayCode, type Key } from './words';

const FAULTS_STEP = 50;
/** Narrower screens have it shut: the cameras come first. */
const WIDE_PX = 700;
const SIGNS = { good: '✓', unconfirmed: '?', bad: '✗', otherKey: '✗' } as const;

export const list = (keys: Key[]): HTMLElement => el('ul', { class: 'dots' }, ...keys.map((key) => el('li', {}, say(key))));

/** Items a step at a time: the first ones, and a button for more. */
export function inSteps(tag: 'ul' | 'ol', testid: string, items: unknown[], step: number, show: (at: number) => HTMLElement): HTMLElement {
  const shown = el(tag, { attributes: { 'data-testid': testid } });
  const more = button(`${testid}-more`, { onclick: () => grow() });
  function grow(): void {
    const begin = shown.children.length;
    for (let i = begin; i < Math.min(items.length, begin + step); i++) shown.appendChild(show(i));
    more.hidden = shown.children.length === items.length;
    more.textContent = say('verify.more', { n: items.length - shown.children.length });
  }
  grow();
  return el('div', { class: 'stack' }, shown, more);
}

export function outcome(result: Result, key: KeyState): Node[] {
  const came = outcomeOf(result, key);
  const negative = result.negative !== null;
  const box = el(
    'div',
    { class: `card stack outcome ${came}`, attributes: { role: 'status', 'data-testid': 'verify-outcome', 'data-outcome': came } },
    el('p', { class: 'says' }, el('span', { class: 'sign', attributes: { 'aria-hidden': 'true' } }, SIGNS[came]), el('strong', {}, say(`verify.says.${came}`))),
    el('p', {}, say(negative && came === 'good' ? 'verify.negative.good' : negative && came === 'bad' ? 'verify.negative.bad' : `verify.says.${came}More`, { n: faultsOf(result, key).length })),
  );
  const proof = el(
    'details',
    { class: 'card' },
    el('summary', {}, say('verify.proven')),
    list(negative ? ['verify.negative.words', 'verify.proven.who'] : ['verify.proven.server', 'verify.proven.none', 'verify.proven.who']),
    el('h3', {}, say('verify.unproven')),
    list(negative ? ['verify.negative.grid', 'verify.unproven.lens', 'verify.unproven.page'] : ['verify.unproven.lens', 'verify.unproven.clock', 'verify.unproven.page']),
  );
  proof.open = (came === 'good' || came === 'unconfirmed') && innerWidth >= WIDE_PX;
  return [box, proof];
}

export function cameraName(manifest: Manifest, index: number): string {
  return String(manifest.cameras[index]?.facts['name'] ?? say('verify.camera', { n: index + 1 }));
}

export const spanText = (from: number, to: number, zone: string): { from: string; to: string } => ({ from: moment(from, locale(), zone), to: until(from, to, locale(), zone) });

function where(fault: Fault, manifest: Manifest | null, zone: string): string {
  const camera = manifest && fault.camera ? cameraName(manifest, manifest.cameras.findIndex(({ id }) => id === fault.camera)) : '';
  const time = fault.from !== 0 || fault.to !== 0 ? say('verify.span', spanText(fault.from, fault.to, zone)) : '';
  return [fault.file || say('verify.where.package'), camera, time].filter(Boolean).join(' · ');
}

export function faultList(result: Result, key: KeyState, zone: string): Inside {
  const faults = faultsOf(result, key);
  if (faults.length === 0) return null;
  const one = (at: number) => {
    const fault = faults[at]!;
    return el('li', {}, el('strong', {}, sayCode(`verify.fault.${fault.code}`, fault.params)), el('span', { class: 'hint' }, where(fault, result.manifest, zone)));
  };
  return el(
    'section',
    { class: 'card stack faults' },
    el('h2', {}, say('verify.faults')),
    result.endedEarly ? el('p', {}, say('verify.endedEarly')) : null,
    inSteps('ol', 'verify-faults', faults, FAULTS_STEP, one),
  );
}
