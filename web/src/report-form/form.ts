// The three steps: what; when and where; words and pictures. What was typed stays when a step is left, the
// language is changed, or the page is loaded anew.

import { KIND_SHAPES, REPORT_KINDS } from '../reports/kinds';
import { button, el, fill, sign, type Inside } from './dom';
import { bodyOf, dropDraft, emptyDraft, keepDraft, keptDraft, makeKey, missingPlace, missingWords, type Draft, type Missing } from './draft';
import { askFiles, Files } from './file-field';
import { placeFields, timeFields } from './place-fields';
import { Sending } from './send';
import { showSending } from './sending';
import { now, site } from './site';
import { wordFields } from './word-fields';
import { say } from './words';

const store = sessionStorage;
const FAULTS: Record<Exclude<Missing, ''>, Parameters<typeof say>[0]> = {
  kind: 'form.lacks.kind',
  when: 'form.lacks.when',
  'when-future': 'form.lacks.future',
  'when-old': 'form.lacks.old',
  'when-long': 'form.lacks.long',
  where: 'form.lacks.where',
  text: 'form.lacks.text',
};

export class Form {
  private readonly draft: Draft = keptDraft(store) || emptyDraft(makeKey());
  private readonly files = new Files();
  private step: 1 | 2 | 3;
  /** draws the commune's places anew, without touching what is being typed */
  private learnedPlaces = () => {};
  /** the report is on its way, or did not get through: the form is not shown over it */
  private away = false;
  private readonly fault = el('p', { class: 'fault', attributes: { role: 'alert', 'data-testid': 'form-fault' } });

  constructor(private readonly main: HTMLElement) {
    const wanted = new URLSearchParams(location.search).get('noi');
    if (wanted && !this.draft.location) this.draft.location = wanted.slice(0, 64);
    this.step = this.draft.kind ? 2 : 1;
  }

  show(): void {
    if (this.away) return;
    this.fault.textContent = '';
    fill(this.main, ...(this.step === 1 ? this.what() : this.step === 2 ? this.whenAndWhere() : this.words()));
  }

  /** The commune is known now: what is offered may be more. */
  learned(): void {
    if (this.draft.location && !site.locations.some(({ id }) => id === this.draft.location)) this.draft.location = '';
    if (this.step === 1) this.show();
    else this.learnedPlaces();
  }

  private readonly keep = () => keepDraft(this.draft, store);

  private go(step: 1 | 2 | 3): void {
    this.step = step;
    this.keep();
    this.show();
    window.scrollTo(0, 0);
    this.main.focus();
  }

  private head(title: Parameters<typeof say>[0]): Inside[] {
    const back = button('form-back', { class: 'quiet', onclick: () => this.go((this.step - 1) as 1 | 2) }, say('form.back'));
    return [el('p', { class: 'step' }, this.step > 1 ? back : null, say('form.step', { n: this.step })), el('h1', {}, say(title))];
  }

  private lacks(missing: Missing): boolean {
    this.fault.textContent = missing ? say(FAULTS[missing]) : '';
    if (missing) this.fault.scrollIntoView({ block: 'center' });
    return missing !== '';
  }

  private what(): Inside[] {
    const pick = (kind: (typeof REPORT_KINDS)[number]) => {
      this.draft.kind = kind;
      this.go(2);
    };
    const kinds = REPORT_KINDS.map((kind) =>
      el('li', {}, button(`form-kind-${kind}`, { class: 'kind', attributes: { 'aria-pressed': String(kind === this.draft.kind) }, onclick: () => pick(kind) }, sign(KIND_SHAPES[kind]), say(`report.kind.${kind}`))),
    );
    const poster = site.locations.filter(({ id }) => id === this.draft.location)[0];
    const lead = poster ? say('form.leadAt', { name: poster.name }) : say('form.lead');
    return [...this.head('form.what'), el('p', { class: 'hint' }, lead), el('ul', { class: 'kinds' }, ...kinds)];
  }

  private whenAndWhere(): Inside[] {
    const on = button('form-next', { class: 'primary', onclick: () => !this.lacks(missingPlace(this.draft, now(), site.zone)) && this.go(3) }, say('form.next'));
    const places = placeFields(this.draft, this.keep);
    this.learnedPlaces = places.learned;
    return [...this.head('form.when'), ...timeFields(this.draft, this.keep), el('h2', {}, say('form.where')), ...places.fields, this.fault, on];
  }

  private words(): Inside[] {
    const send = button('form-send', { class: 'primary', onclick: () => this.send() });
    return [...this.head('form.words'), ...wordFields(this.draft, this.keep), ...askFiles(this.files, send), this.fault, el('p', { class: 'hint' }, say('form.false')), send];
  }

  private send(): void {
    if (this.lacks(missingWords(this.draft))) return;
    // The day may have turned since step 2: then the words mean something else, and are asked again.
    if (missingPlace(this.draft, now(), site.zone)) return this.go(2);
    const sending = new Sending(bodyOf(this.draft, now(), site.zone), [...this.files.ready]);
    const back = () => {
      this.away = false;
      this.go(3);
    };
    this.away = true;
    showSending(this.main, sending, { back, arrived: () => dropDraft(store) });
  }
}
