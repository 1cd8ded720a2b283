// The page for everyone, /cong-khai: what the cameras are for, where they are, by which rules footage is kept and
// opened, how often that happened, and whom to ask. Without an account, without footage, without persons.

import { button, el, fill, type Inside } from '../report-form/dom';
import { line } from '../report-form/send';
import { choose, chosen, speak, spoken } from '../report-form/speech';
import { byVillage, percent, span, type Facts } from './facts';
import { say } from './words';
import '../design/foundation.css';
import '../report-form/form.css';
import './public-page.css';

const AGAIN_MS = 5_000;
/** More villages than these are opened one by one. */
const OPEN_MOST = 3;
/** What a site is called that was given no name. */
const PROGRAM = 'Vọng Lâu';

const page = document.getElementById('page')!;
let facts: Facts | null = null;
let failed = false;

const time = (seconds: number) => {
  const { n, unit } = span(seconds);
  return say(`public.${unit}`, { n });
};

function section(title: string, ...inside: Inside[]): HTMLElement {
  return el('section', {}, el('h2', {}, title), ...inside);
}

const list = (lines: string[], testid: string) => el('ul', { class: 'lines', attributes: { 'data-testid': testid } }, ...lines.map((one) => el('li', {}, one)));

function whyAndHowMany({ cameras, uptime }: Facts): HTMLElement {
  const part = percent(uptime, spoken() === 'vi' ? ',' : '.');
  return section(
    say('public.why'),
    el('p', {}, say('public.whySay')),
    el('p', { class: 'figure', attributes: { 'data-testid': 'public-count' } }, say('public.count', { n: cameras.count, recording: cameras.recording })),
    part ? el('p', { class: 'hint' }, say('public.uptime', { part })) : null,
  );
}

function where({ places }: Facts): HTMLElement {
  if (!places) return section(say('public.where'), el('p', {}, say('public.whereNot')));
  const villages = byVillage(places);
  const shown = villages.map(({ name, places: there }) =>
    el(
      'details',
      { attributes: { open: villages.length <= OPEN_MOST ? '' : undefined } },
      el('summary', {}, name || say('public.noVillage')),
      el('ul', { class: 'lines' }, ...there.map((place) => el('li', {}, say('public.camerasAt', { name: place.name, n: place.cameras })))),
    ),
  );
  return el('section', { attributes: { 'data-testid': 'public-places' } }, el('h2', {}, say('public.where')), ...shown);
}

function rules({ retention_days: days, reason_after_s: after }: Facts): HTMLElement {
  const lines = [say('public.keep', { n: days })];
  if (after > 0) lines.push(say('public.reason', { time: time(after) }));
  return section(say('public.rules'), list(lines.concat(say('public.log')), 'public-rules'));
}

function opened({ looks, misuse }: Facts): HTMLElement {
  const all = looks.replays + looks.copies + looks.packages;
  if (all + looks.refused + misuse === 0) return section(say('public.opened'), el('p', {}, say('public.none')));
  const lines = [say('public.replays', { n: looks.replays }), say('public.copies', { n: looks.copies }), say('public.packages', { n: looks.packages })];
  if (looks.requests > 0) lines.push(say('public.requests', { n: looks.requests }));
  if (looks.unmasked > 0) lines.push(say('public.unmasked', { n: looks.unmasked }));
  if (looks.refused > 0) lines.push(say('public.refused', { n: looks.refused }));
  lines.push(say('public.misuse', { n: misuse }));
  const reasons = looks.reasons.map(({ reason, count }) => `${say(`public.reason.${reason}` as 'public.reason.other')}: ${count}`);
  return section(
    say('public.opened'),
    list(lines, 'public-looks'),
    reasons.length > 0 ? el('h3', {}, say('public.forWhat')) : null,
    reasons.length > 0 ? list(reasons, 'public-reasons') : null,
  );
}

function reports({ reports: told }: Facts): HTMLElement {
  return section(
    say('public.reports'),
    el('p', {}, say('public.reportsSay', { told: told.told, answered: told.answered })),
    told.answer.median_s === undefined ? null : el('p', {}, say('public.answer', { time: time(told.answer.median_s) })),
    el('p', {}, el('a', { class: 'button', attributes: { href: '/bao-tin' } }, say('public.tell'))),
  );
}

function contact({ contact: told }: Facts): HTMLElement {
  return section(say('public.ask'), el('p', {}, say('public.askSay')), el('p', { attributes: { 'data-testid': 'public-contact' } }, told || say('public.askAt')));
}

function made({ to, time_zone: timeZone }: Facts): HTMLElement {
  const at = new Date(to).toLocaleString(spoken() === 'vi' ? 'vi-VN' : 'en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short' } as Intl.DateTimeFormatOptions);
  return el('p', { class: 'hint' }, say('public.made', { time: at }));
}

function show(): void {
  const other = spoken() === 'vi' ? 'en' : 'vi';
  const turn = () => {
    choose(other);
    show();
  };
  const named = facts && facts.site !== PROGRAM ? facts.site : '';
  document.title = named ? `${say('public.title')} · ${named}` : say('public.title');
  fill(
    page,
    el('header', {}, el('p', { class: 'site' }, named), button('public-language', { class: 'quiet', attributes: { lang: other }, onclick: turn }, say('public.otherLanguage'))),
    el(
      'main',
      {},
      el('h1', {}, say('public.title')),
      ...(facts
        ? [whyAndHowMany(facts), where(facts), rules(facts), opened(facts), reports(facts), contact(facts), made(facts)]
        : [el('p', { attributes: { role: failed ? 'alert' : 'status' } }, say(failed ? 'public.again' : 'public.loading'))]),
    ),
  );
}

async function load(): Promise<void> {
  try {
    facts = (await line({ method: 'GET', path: '/public/page', headers: {}, body: null, progress: () => {} })) as Facts;
    if (!chosen() && (facts.language === 'vi' || facts.language === 'en')) speak(facts.language);
  } catch {
    failed = true;
    setTimeout(() => void load(), AGAIN_MS);
  }
  show();
}

speak(chosen() || 'vi');
show();
void load();
