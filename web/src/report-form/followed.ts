// What became of a report, for who has its link: received, an officer has it, the answer. Nothing else is shown,
// not what was told either: a link may come into other hands.

import { button, el, fill } from './dom';
import { keepFields } from './keep';
import type { Followed } from './link';
import { ask, Refused, wish } from './send';
import { site } from './site';
import { say, spoken } from './words';
import type { ReportKind } from '../reports/kinds';

interface Answer {
  number: string;
  kind: ReportKind;
  told_at: string;
  state: 'new' | 'taken' | 'answered' | 'rejected' | 'joined';
  answer?: string;
  wishes?: Wish[];
  wish_due_at?: string;
  erased?: 'person' | 'all';
}

type Wish = 'copy' | 'erasure';
const WISHES: readonly Wish[] = ['copy', 'erasure'];

const PERIOD_MS = 20_000;

/** `!clock`: the day that ends then. */
function moment(text: string, clock = true): string {
  const day = { timeZone: site.zone, day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  return new Date(Date.parse(text) - (clock ? 0 : 1)).toLocaleString(spoken() === 'vi' ? 'vi-VN' : 'en-GB', clock ? { ...day, hour: '2-digit', minute: '2-digit' } : day);
}

function trouble(error: unknown): string {
  if (error instanceof Refused && error.status === 404) return say('form.unknown');
  return say(error instanceof Refused && error.status === 429 ? 'form.tooOften' : 'form.fail.line');
}

/** Until the returned function is called. `another`: to a new report. */
export function showFollowed(main: HTMLElement, followed: Followed, another: () => void): () => void {
  let over = false;
  let timer = 0;
  const said = el('div', { class: 'state', attributes: { role: 'status', 'data-testid': 'form-state' } });
  const look = button('form-look', { onclick: () => void load() }, say('form.look'));

  const data = el('div', { attributes: { 'data-testid': 'form-data' } });

  const wishes = ({ wishes: asked = [], wish_due_at: due = '', erased }: Answer) => {
    const may = (one: Wish) => asked.indexOf(one) < 0 && (!erased || (erased === 'person' && one === 'copy'));
    fill(
      data,
      el('h2', {}, say('form.data')),
      erased ? el('p', {}, say(`form.erased.${erased}`)) : null,
      ...asked.map((one) => el('p', {}, say(`form.wished.${one}`, { time: moment(due, false) }))),
      ...WISHES.filter(may).map((one) => button(`form-wish-${one}`, { onclick: () => void send(one) }, say(`form.wish.${one}`))),
    );
  };
  const draw = (whole: Answer) => {
    const { kind, told_at, state, answer } = whole;
    said.setAttribute('data-state', state);
    fill(
      said,
      el('p', { class: 'hint' }, `${say(`report.kind.${kind}`)} · ${say('form.toldAt', { time: moment(told_at) })}`),
      el('p', { class: 'now' }, say(`form.state.${state}`)),
      answer ? el('blockquote', { attributes: { 'data-testid': 'form-answer' } }, answer) : null,
    );
    wishes(whole);
  };
  const send = async (one: Wish) => {
    try {
      draw(await wish<Answer>(followed, one));
    } catch (error) {
      fill(data, el('p', { class: 'fault', attributes: { role: 'alert' } }, trouble(error)));
    }
  };
  const load = async () => {
    clearTimeout(timer);
    look.disabled = true;
    try {
      draw(await ask<Answer>(`/public/reports/${followed.number}`, { 'X-Report-Secret': followed.secret }));
    } catch (error) {
      said.removeAttribute('data-state');
      fill(said, el('p', { class: 'fault' }, trouble(error)));
    }
    look.disabled = false;
    if (!over) timer = window.setTimeout(again, PERIOD_MS);
  };
  const again = () => {
    if (document.hidden) timer = window.setTimeout(again, PERIOD_MS);
    else void load();
  };

  fill(
    main,
    el('h1', {}, say('form.yours', { number: followed.number })),
    said,
    look,
    ...keepFields(followed),
    data,
    button('form-another', { class: 'quiet', onclick: another }, say('form.another')),
  );
  said.textContent = say('form.loading');
  void load();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
