// The page of a hand-over, /ban-giao#…: says what the link leads to, and downloads it. Without an account.

import { button, el, fill } from '../report-form/dom';
import { hashWords, momentText, Once, secretOf, sizeText, troubleOf, type Handover } from './handover';
import { choose, chosen, speak, spoken, type Language } from '../report-form/speech';
import { say } from './words';
import '../design/foundation.css';
import '../report-form/form.css';
import './handover.css';

const page = document.getElementById('page')!;
let known: Handover | null = null;
let trouble: 'over' | 'none' | 'often' | 'line' | '' = '';
let begun = false;

/** Rejects with a status; 0: the server was not reached. */
function ask(download: boolean): Promise<Handover> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/public/handover');
    request.timeout = 30_000;
    request.setRequestHeader('Content-Type', 'application/json');
    request.onload = () => (request.status === 200 ? resolve(JSON.parse(request.responseText) as Handover) : reject(request.status));
    request.onerror = request.ontimeout = () => reject(0);
    request.send(JSON.stringify({ secret: secretOf(location.hash), download }));
  });
}

async function load(): Promise<void> {
  trouble = secretOf(location.hash) ? '' : 'none';
  known = null;
  begun = false;
  show();
  if (trouble) return;
  try {
    known = await ask(false);
    if (!chosen() && (known.language === 'vi' || known.language === 'en')) speak(known.language);
  } catch (status) {
    trouble = troubleOf(status as number);
  }
  show();
}

const download = new Once(async () => {
  try {
    known = await ask(true);
    begun = true;
    if (known.file) location.assign(known.file);
  } catch (status) {
    trouble = troubleOf(status as number);
  }
  return begun && !trouble;
}, show);

function facts(of: Handover): HTMLElement {
  const moment = (time: string) => momentText(time, of.time_zone, spoken());
  const rows: [string, string][] = [
    [say('handover.for'), of.receiver],
    [say('handover.case'), of.case],
    [say('handover.span'), `${moment(of.from)} → ${moment(of.to)}${of.cameras > 0 ? ` · ${say('handover.cameras', { n: of.cameras })}` : ''}`],
    [say('handover.size'), sizeText(of.size, spoken())],
  ];
  const list = el('dl');
  for (const [name, value] of rows) list.append(el('dt', {}, name), el('dd', {}, value));
  list.append(el('dt', {}, say('handover.hash')), el('dd', { class: 'hash', attributes: { 'data-testid': 'handover-hash' } }, hashWords(of.manifest)));
  return list;
}

function shown(): HTMLElement[] {
  if (known && !(trouble === 'often' || trouble === 'line')) {
    const left = known.downloads_left;
    const again = button('handover-download', { class: 'primary', onclick: () => void download.run() }, say('handover.download'));
    again.disabled = left === 0 || download.taken;
    return [
      el('p', {}, say('handover.what')),
      facts(known),
      again,
      el('p', { class: 'hint', attributes: { role: 'status' } }, begun ? say('handover.begun') : say('handover.until', { time: momentText(known.until, known.time_zone, spoken()), n: left })),
      el('h2', {}, say('handover.check')),
      el('p', {}, say('handover.checkWords')),
      el('p', {}, el('a', { attributes: { href: '/verify.html', target: '_blank', rel: 'noopener', 'data-testid': 'handover-verify' } }, say('handover.checkPage'))),
    ];
  }
  if (!trouble) return [el('p', { class: 'hint', attributes: { role: 'status' } }, say('handover.loading'))];
  const said = el('p', { class: 'fault', attributes: { role: 'alert', 'data-testid': 'handover-trouble' } }, say(`handover.${trouble}`));
  return trouble === 'over' || trouble === 'none' ? [said] : [said, button('handover-again', { onclick: () => void load() }, say('handover.again'))];
}

function show(): void {
  const other: Language = spoken() === 'vi' ? 'en' : 'vi';
  const turn = () => {
    choose(other);
    show();
  };
  document.title = known ? `${say('handover.title')} · ${known.number}` : say('handover.title');
  const header = el(
    'header',
    {},
    el('p', { class: 'site' }, known ? known.site : ''),
    button('handover-language', { class: 'quiet', attributes: { lang: other }, onclick: turn }, say('handover.otherLanguage')),
  );
  fill(page, header, el('main', {}, el('h1', {}, known ? say('handover.number', { number: known.number }) : say('handover.title')), ...shown()));
}

speak(chosen() || 'vi');
addEventListener('hashchange', () => void load());
void load();
