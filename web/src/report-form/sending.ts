// A report on its way: how much is there; what to do when it does not get through; then its number, and the link
// by which the answer is read.

import { button, el, fill } from './dom';
import { hashOf, type Followed } from './link';
import { keepFields } from './keep';
import { Refused, type Sending } from './send';
import { say } from './words';

interface Then {
  /** to what was typed */
  back: () => void;
  /** the server has the report */
  arrived: () => void;
}

/** `stands`: the report is there, and what failed is a picture. */
function trouble(error: unknown, stands: boolean): string {
  if (!(error instanceof Refused) || error.status === 0) return say('form.fail.line');
  if (error.status === 429) return say('form.fail.many', { n: Math.max(1, Math.ceil(error.retryAfter / 60)) });
  if (error.status === 503 || error.status === 507) return say('form.fail.full');
  if (error.status >= 500) return say('form.fail.server');
  return say(stands ? 'form.fail.file' : 'form.fail.words');
}

/** The report stands; the address of the page is that of its answer from now on. */
function done(main: HTMLElement, followed: Followed): void {
  history.replaceState(null, '', location.pathname + hashOf(followed));
  fill(
    main,
    el('h1', { attributes: { tabindex: '-1' } }, say('form.sent')),
    el('p', {}, say('form.sentWhat')),
    el('p', { class: 'number' }, say('form.number'), el('strong', { attributes: { 'data-testid': 'form-number' } }, followed.number)),
    ...keepFields(followed),
    el('a', { class: 'button', attributes: { href: location.pathname + hashOf(followed), 'data-testid': 'form-follow' }, onclick: () => window.dispatchEvent(new Event('hashchange')) }, say('form.follow')),
  );
  main.focus();
}

export function showSending(main: HTMLElement, sending: Sending, then: Then): void {
  const told = el('p', { attributes: { role: 'status' } });
  const bar = el('progress', { attributes: { max: '100', 'aria-label': say('form.sending') } });
  const run = async () => {
    fill(main, el('h1', {}, say('form.sending')), sending.files.length > 0 ? bar : null, told);
    told.textContent = say('form.stay');
    try {
      const followed = await sending.go((share) => {
        bar.value = Math.round(share * 100);
        told.textContent = say('form.progress', { n: bar.value });
      });
      then.arrived();
      done(main, followed);
    } catch (error) {
      failed(error);
    }
  };
  const failed = (error: unknown) => {
    const stands = sending.followed;
    if (stands) then.arrived();
    const again = button('form-again', { class: 'primary', onclick: () => void run() }, say('form.again'));
    const skip = () => {
      sending.skip();
      void run();
    };
    fill(
      main,
      el('h1', {}, say(stands ? 'form.fileFailed' : 'form.failed')),
      el('p', { class: 'fault', attributes: { role: 'alert', 'data-testid': 'form-trouble' } }, trouble(error, stands !== null)),
      stands ? el('p', {}, say('form.stands', { number: stands.number })) : el('p', {}, say('form.nothingLost')),
      again,
      stands ? button('form-skip', { onclick: skip }, say('form.skip')) : button('form-change', { onclick: then.back }, say('form.change')),
    );
    again.focus();
  };
  void run();
}
