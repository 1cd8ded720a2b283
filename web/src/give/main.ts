// The page behind a household's link, /gop-hinh: what is asked, by whom, until when; "yes, send" and "no" as near as
// each other; what was given, who looked at it, and how to take it back. No account; phones of 2018 understand it.

import { button, el, fill } from '../report-form/dom';
import { ask, line, Refused } from '../report-form/send';
import { choose, chosen, speak, spoken } from '../report-form/speech';
import { givenFiles } from './files';
import type { GivenFile } from './giving';
import { headersOf, linkOf, pathOf, type Link } from './link';
import { forgetNo, keepNo, keepsNothing, saidNo } from './no';
import { showSending } from './sending';
import { say } from './words';
import '../design/foundation.css';
import '../report-form/form.css';
import './give.css';

export interface GivenRequest {
  site: string;
  time_zone: string;
  case: string;
  what: string;
  unit: string;
  officer?: string;
  from: string;
  to: string;
  deadline: string;
  over: boolean;
  withdrawn_at?: string;
  room: number;
  files: GivenFile[];
}

const page = document.getElementById('page')!;
const main = el('main', { attributes: { tabindex: '-1' } });
const commune = el('p', { class: 'site' });
let link: Link | null = null;
let language: HTMLButtonElement;

function moment(text: string, zone: string): string {
  return new Date(text).toLocaleString(spoken() === 'vi' ? 'vi-VN' : 'en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit', year: 'numeric' });
}

function frame(): void {
  const other = spoken() === 'vi' ? 'en' : 'vi';
  const turn = () => {
    choose(other);
    void load();
  };
  document.title = say('give.title');
  language = button('give-language', { class: 'quiet', attributes: { lang: other }, onclick: turn }, say('give.otherLanguage'));
  fill(page, el('header', {}, commune, language), main);
}

/** A second tap of the same button does it: what it does cannot be undone. */
function twice(testid: string, words: string, sure: string, run: () => void): HTMLElement {
  let armed = false;
  const made = button(testid, {
    onclick: () => {
      if (armed) return run();
      armed = true;
      made.textContent = sure;
      made.className = 'warned';
    },
  }, words);
  return made;
}

async function answer(what: 'stop-asking' | 'leave'): Promise<void> {
  try {
    await line({ method: 'POST', path: pathOf(link!, '/answer'), headers: headersOf(link!, 'application/json'), body: JSON.stringify({ answer: what }), progress: () => {} });
    await load(say(what === 'leave' ? 'give.isOut' : 'give.stopped'));
  } catch (error) {
    failed(error);
  }
}

/** Nothing is sent: what the server does not know it can tell nobody. */
function no(): void {
  keepNo(link!);
  void load(say(saidNo(link!) ? 'give.saidNo' : 'give.saidNoUnkept'));
}

async function takeBack(file: GivenFile): Promise<void> {
  try {
    await line({ method: 'DELETE', path: pathOf(link!, `/files/${file.n}`), headers: headersOf(link!), body: null, progress: () => {} });
    await load(say(file.given_at ? 'give.tookBack' : 'give.dropped'));
  } catch (error) {
    failed(error);
  }
}

function chooser(request: GivenRequest, words: string): HTMLElement[] {
  const input = el('input', { class: 'unseen', id: 'files', attributes: { type: 'file', accept: 'video/*,image/*', multiple: '', 'data-testid': 'give-file' } });
  input.addEventListener('change', () => {
    const files = Array.prototype.slice.call(input.files || []) as File[];
    if (files.length === 0) return;
    forgetNo(link!);
    language.disabled = true; // it would draw the page anew over what is on its way
    void showSending(main, link!, { files, room: request.room, there: request.files }, (said) => void load(said));
  });
  return [input, el('label', { class: 'button primary wide', attributes: { for: 'files' } }, words)];
}

/** After the deadline, what is half sent may still come to its end. */
function lateChooser(request: GivenRequest): HTMLElement[] {
  const half = request.files.some(({ given_at, taken_back_at }) => !given_at && !taken_back_at);
  return half ? [el('p', { class: 'hint' }, say('give.overHalf')), ...chooser(request, say('give.yesAgain'))] : [];
}

function show(request: GivenRequest, said: string): void {
  if (request.over) forgetNo(link!);
  const at = (text: string) => moment(text, request.time_zone);
  commune.textContent = request.site === 'Vọng Lâu' ? say('give.commune') : request.site;
  const fact = (name: string, value: string) => [el('dt', {}, name), el('dd', {}, value)];
  fill(
    main,
    el('h1', {}, say('give.title')),
    said ? el('p', { class: 'state', attributes: { role: 'status', 'data-testid': 'give-said' } }, said) : null,
    request.withdrawn_at ? el('p', { class: 'state', attributes: { role: 'status', 'data-testid': 'give-withdrawn' } }, say(request.files.length > 0 ? 'give.withdrawnGiven' : 'give.withdrawn')) : null,
    el(
      'dl',
      { class: 'facts' },
      ...fact(say('give.by'), request.officer ? `${request.unit} (${request.officer})` : request.unit),
      ...fact(say('give.case'), request.case),
      ...fact(say('give.when'), say('give.span', { from: at(request.from), to: at(request.to) })),
      ...fact(say('give.what'), request.what),
      ...(request.withdrawn_at ? [] : fact(say('give.deadline'), at(request.deadline))),
    ),
    ...(request.withdrawn_at
      ? []
      : request.over
      ? [el('p', { class: 'fault', attributes: { 'data-testid': 'give-over' } }, say('give.over')), ...lateChooser(request)]
      : [
          el('p', { class: 'hint' }, say('give.free')),
          ...chooser(request, say('give.yes')),
          button('give-no', { class: 'wide', onclick: no }, say('give.no')),
          el('p', { class: 'hint' }, say(saidNo(link!) ? 'give.declined' : keepsNothing() ? 'give.noHintUnkept' : 'give.noHint')),
        ]),
    ...givenFiles(request.files, at, (file) => void takeBack(file), twice),
    el(
      'details',
      {},
      el('summary', { attributes: { 'data-testid': 'give-more' } }, say('give.more')),
      el('p', {}, say('give.rights')),
      el('p', {}, twice('give-stop', say('give.stop'), say('give.stopSure'), () => void answer('stop-asking'))),
      el('p', {}, twice('give-leave', say('give.leave'), say('give.leaveSure'), () => void answer('leave'))),
    ),
  );
}

function failed(error: unknown): void {
  const gone = error instanceof Refused && error.status === 404;
  const refused = error instanceof Refused && error.status >= 400 && error.status < 500 && error.status !== 429;
  fill(
    main,
    el('h1', {}, say('give.title')),
    el('p', { class: 'fault', attributes: { role: 'alert', 'data-testid': 'give-trouble' } }, say(gone ? 'give.unknown' : refused ? 'give.refused' : 'give.line')),
    gone ? null : button('give-again', { class: 'primary', onclick: () => void load() }, say('give.again')),
  );
}

async function load(said = ''): Promise<void> {
  frame();
  link = linkOf(location.hash);
  if (!link) return failed(new Refused(404, 0));
  try {
    show(await ask<GivenRequest>(pathOf(link), headersOf(link)), said);
  } catch (error) {
    failed(error);
  }
}

speak(chosen() || 'vi');
addEventListener('hashchange', () => void load());
void load();
