// What the manifest says of the package, and what was counted.

import { el } from '../report-form/dom';
import type { Result } from './check';
import type { Manifest, Person } from './manifest';
import { inSteps, spanText } from './outcome';
import { moment } from './times';
import { locale, say, sayCode } from './words';

const NOTES_STEP = 20;

export function about(result: Result, manifest: Manifest, zone: string): HTMLElement {
  const time = (us: number) => moment(us, locale(), zone);
  const person = ({ part, name, role, at }: Person) => [say(part === 'approved' ? 'verify.about.approved' : 'verify.about.askedBy'), `${name} (${role}), ${time(at)}`];
  const facts = [
    [say('verify.about.reason'), manifest.reason],
    [say('verify.about.case'), manifest.caseNumber],
    [say('verify.about.number'), manifest.number],
    ...manifest.people.map(person),
    [say('verify.about.site'), manifest.site],
    [say('verify.about.asked'), say('verify.span', spanText(manifest.from, manifest.to, zone))],
    [say('verify.about.made'), time(manifest.at)],
    [say('verify.about.zone'), zone],
    [say('verify.about.program'), manifest.program],
    [say('verify.about.id'), manifest.id],
    [say('verify.about.counted'), say('verify.about.counts', { ...result.counts })],
  ].filter(([, value]) => value);
  const { notes } = result;
  const note = (at: number) => el('li', {}, notes[at]!.of ? `${notes[at]!.of}: ` : null, sayCode(`verify.note.${notes[at]!.code}`, notes[at]!.params));
  return el(
    'section',
    { class: 'card stack' },
    el('h2', {}, say('verify.about')),
    el('dl', {}, ...facts.flatMap(([name, value]) => [el('dt', {}, name!), el('dd', {}, value!)])),
    notes.length > 0 ? el('h3', {}, say('verify.notes')) : null,
    notes.length > 0 ? inSteps('ul', 'verify-notes', notes, NOTES_STEP, note) : null,
  );
}
