// Keeping the link to the answer: copied, or handed to another app of the phone. It is kept nowhere else.

import { button, el, type Inside } from './dom';
import { hashOf, type Followed } from './link';
import { say } from './words';

/** Also where the browser gives pages no clipboard. */
function copied(field: HTMLInputElement): Promise<boolean> {
  const byHand = () => {
    field.select();
    field.setSelectionRange(0, field.value.length);
    return document.execCommand('copy');
  };
  if (!navigator.clipboard) return Promise.resolve(byHand());
  return navigator.clipboard.writeText(field.value).then(
    () => true,
    () => byHand(),
  );
}

export function keepFields(followed: Followed): Inside[] {
  const link = location.origin + location.pathname + hashOf(followed);
  const field = el('input', { attributes: { type: 'text', readonly: '', 'data-testid': 'form-link' } });
  field.value = link;
  const said = el('p', { class: 'hint', attributes: { role: 'status' } }, say('form.keepHint'));
  const copy = async () => {
    said.textContent = say((await copied(field)) ? 'form.copied' : 'form.notCopied');
  };
  const share = () => void navigator.share({ title: say('form.shareTitle', { number: followed.number }), url: link }).catch(() => {});
  return [
    el('label', { class: 'field' }, say('form.link'), field),
    said,
    el(
      'div',
      { class: 'row' },
      button('form-copy', { class: 'primary', onclick: () => void copy() }, say('form.copy')),
      'share' in navigator ? button('form-share', { onclick: share }, say('form.share')) : null,
    ),
  ];
}
