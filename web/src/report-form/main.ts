// The page for residents, /bao-tin: tells a report in three steps, without an account; with a link it shows what
// became of one. It holds no secret but that of the report it made.

import { button, el, fill } from './dom';
import { showFollowed } from './followed';
import { Form } from './form';
import { followedOf } from './link';
import { learn, site } from './site';
import { choose, chosen, say, speak, spoken, type Language } from './words';
import '../design/foundation.css';
import './form.css';
import './steps.css';

const page = document.getElementById('page')!;
const main = el('main', { attributes: { tabindex: '-1' } });
const commune = el('p', { class: 'site' });
/** What a site is called that was given no name. */
const PROGRAM = 'Vọng Lâu';
let form: Form | null = null;
let leave = () => {};

function name(): void {
  const known = site.name && site.name !== PROGRAM;
  document.title = known ? `${say('form.title')} · ${site.name}` : say('form.title');
  commune.textContent = known ? site.name : say('form.commune');
}

function frame(): void {
  const other: Language = spoken() === 'vi' ? 'en' : 'vi';
  const turn = () => {
    choose(other);
    show();
  };
  name();
  fill(
    page,
    el(
      'header',
      {},
      commune,
      button('form-language', { class: 'quiet', attributes: { lang: other }, onclick: turn }, say('form.otherLanguage')),
    ),
    el(
      'p',
      { class: 'danger', attributes: { 'data-testid': 'form-danger' } },
      say('form.danger'),
      ' ',
      ...['113', '114', '115'].map((number) => el('a', { attributes: { href: `tel:${number}`, 'aria-label': say(`form.call.${number as '113'}`) } }, number)),
    ),
    main,
    el('p', { class: 'hint' }, el('a', { attributes: { href: '/cong-khai' } }, say('form.cameras'))),
  );
}

function show(): void {
  leave();
  leave = () => {};
  frame();
  const followed = followedOf(location.hash);
  if (followed) {
    form = null; // it was sent
    leave = showFollowed(main, followed, tellNew);
    return;
  }
  if (!form) form = new Form(main);
  form.show();
}

/** Another report: the link of the one before stays in the list of pages that were open. */
function tellNew(): void {
  history.pushState(null, '', location.pathname);
  show();
}

speak(chosen() || 'vi');
addEventListener('hashchange', show);
addEventListener('popstate', show);
show();
void learn(() => {
  if (!chosen() && (site.language === 'vi' || site.language === 'en') && site.language !== spoken()) {
    speak(site.language);
    show();
    return;
  }
  name();
  if (form) form.learned();
});
