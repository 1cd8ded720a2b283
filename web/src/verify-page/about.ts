// What the manifest says of the package, and what was counted.

import { el } from '../report-form/dom';
import type { Result } from './check';
import { MOMENTS, type Clock } from './clocks';
import { rateOf, type Film } from './films';
import type { Manifest, Person } from './manifest';
import { inSteps, spanText } from './outcome';
import { moment } from './times';
import { locale, say, sayCode } from './words';

const NOTES_STEP = 20;
const RATE_DIGITS = 2;
const SECOND_US = 1_000_000;

/** A camera's films: how they are coded, how large, how many pictures a second came. */
export function filmLines(films: Film[], camera: string): string[] {
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: RATE_DIGITS });
  return films
    .filter((film) => film.camera === camera)
    .map((film) => {
      const rate = rateOf(film);
      return say('verify.film', { codec: film.codec, width: film.width, height: film.height, rate: rate === null ? '?' : number.format(rate) });
    });
}

/** How far its own clock was off, at three moments; nothing of a package that does not tell. */
export function clockLines(clocks: Clock[], index: number): string[] {
  const number = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const words = (clock: Clock | undefined) =>
    clock ? say('verify.clock.read', { offset: number.format(clock.offset / SECOND_US), doubt: number.format(clock.doubt / SECOND_US).replace('+', '') }) : say('verify.clock.unknown');
  const own = clocks.slice(index * MOMENTS.length, (index + 1) * MOMENTS.length);
  const [start, end, made] = own.map(words);
  return own.some((clock) => clock !== null) ? [say('verify.clock', { start: start!, end: end!, export: made! })] : [];
}

/** What made it, as far as the catalog knew. */
export function madeBy(facts: Record<string, string | number>): string {
  const made = [facts['make'], facts['model']].filter(Boolean).join(' ');
  return [made, facts['firmware'] ? say('verify.firmware', { firmware: facts['firmware'] }) : ''].filter(Boolean).join(', ');
}

export function about(result: Result, manifest: Manifest, zone: string): HTMLElement {
  const time = (us: number) => moment(us, locale(), zone);
  const person = ({ part, name, role, at }: Person) => [say(part === 'approved' ? 'verify.about.approved' : 'verify.about.askedBy'), `${name} (${role}), ${time(at)}`];
  const facts = [
    [say('verify.about.reason'), manifest.reason],
    [say('verify.about.basis'), manifest.basis],
    [say('verify.about.case'), manifest.caseNumber],
    [say('verify.about.number'), manifest.number],
    ...manifest.people.map(person),
    ...manifest.holds.map(({ since, until, people }) => [say('verify.about.hold'), [`${time(since)} – ${until ? time(until) : '∞'}`, ...people.map((one) => person(one).join(': '))].join('; ')]),
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
