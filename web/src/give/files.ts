// What was given: how much of it is there, its digest, who looked at it, and the way to take it back.

import { button, el, type Inside } from '../report-form/dom';
import type { GivenFile } from './giving';
import { say } from './words';

type Twice = (testid: string, words: string, sure: string, run: () => void) => HTMLElement;

export function megabytes(bytes: number): string {
  return say('give.mb', { n: Math.max(0.1, Math.round(bytes / 1e5) / 10) });
}

function looks(file: GivenFile, at: (text: string) => string): Inside[] {
  const list = file.looks || [];
  if (list.length === 0) return [el('p', { class: 'hint' }, say('give.noLooks'))];
  const role = (name: string) => say(name === 'commander' ? 'give.role.commander' : 'give.role.officer');
  const words = { look: 'give.lookAt', package: 'give.packedAt', 'hand-over': 'give.handedAt' } as const;
  return [
    el('p', {}, say('give.looks', { n: list.length })),
    el('ul', { attributes: { 'data-testid': 'give-looks' } }, ...list.map((one) => el('li', {}, say(words[one.act], { role: role(one.role), time: at(one.at), case: one.case, number: one.package || '' })))),
  ];
}

/** What had left before it was taken back stays where it is: nobody can call it back. */
function leftBefore(file: GivenFile, at: (text: string) => string): Inside[] {
  const handed = (file.looks || []).filter(({ act }) => act === 'hand-over').length;
  return handed > 0 ? [el('p', { attributes: { 'data-testid': 'give-left' } }, say('give.left', { n: handed })), ...looks(file, at)] : [];
}

/** Until when it is kept, as the family reads it. */
function kept(file: GivenFile, at: (text: string) => string): string {
  if (!file.given_at) return say('give.half', { got: megabytes(file.got), time: at(file.kept_until!) });
  if (file.evidence) return say('give.evidence');
  return file.kept_until ? say('give.keptUntil', { time: at(file.kept_until) }) : say('give.keptForCase');
}

/** What is there no more: taken back, or deleted by age. */
function gone(file: GivenFile, at: (text: string) => string): string | null {
  if (file.taken_back_at) return say(file.evidence ? 'give.backKept' : 'give.backGone', { time: at(file.taken_back_at) });
  return file.deleted_at ? say('give.aged', { time: at(file.deleted_at) }) : null;
}

export type TakeBack = (file: GivenFile) => void;

function card(file: GivenFile, at: (text: string) => string, takeBack: TakeBack, twice: Twice): HTMLElement {
  const film = !file.type || file.type.slice(0, 6) === 'video/';
  const name = `${say(film ? 'give.film' : 'give.picture', { n: file.n })} · ${megabytes(file.size)}`;
  const went = gone(file, at);
  if (went) return el('li', { class: 'state', attributes: { 'data-testid': 'give-gone' } }, el('strong', {}, name), el('p', {}, went), ...(file.deleted_at ? looks(file, at) : leftBefore(file, at)));
  return el(
    'li',
    { class: 'state', attributes: { 'data-testid': file.given_at ? 'give-given' : 'give-half' } },
    el('strong', {}, name),
    file.given_at ? el('p', {}, say('give.givenAt', { time: at(file.given_at) })) : null,
    el('p', { attributes: { 'data-testid': 'give-kept' } }, kept(file, at)),
    file.sha256 ? el('p', { class: 'hint digest' }, say('give.digest'), ' ', el('code', { attributes: { 'data-testid': 'give-digest' } }, file.sha256)) : null,
    ...(file.given_at ? looks(file, at) : []),
    // what was never given is thrown away by one tap; what was is taken back by two
    file.given_at ? twice('give-back', say('give.back'), say('give.backSure'), () => takeBack(file)) : button('give-drop', { onclick: () => takeBack(file) }, say('give.drop')),
  );
}

export function givenFiles(files: GivenFile[], at: (text: string) => string, takeBack: TakeBack, twice: Twice): Inside[] {
  if (files.length === 0) return [];
  return [el('h2', {}, say('give.yours')), el('ul', {}, ...files.map((file) => card(file, at, takeBack, twice)))];
}
