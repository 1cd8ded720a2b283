// Step 3: what happened, in words; who tells it, only when they want to say.

import { el, type Inside } from './dom';
import { NAME_MOST, PHONE_MOST, TEXT_MOST, VNEID_MOST, type Draft } from './draft';
import { say } from './words';

type Line = 'name' | 'phone' | 'vneid';

export function wordFields(draft: Draft, keep: () => void): Inside[] {
  const text = el('textarea', { attributes: { rows: '5', maxlength: String(TEXT_MOST), placeholder: say('form.textExample'), 'data-testid': 'form-text' } });
  text.value = draft.text;
  text.addEventListener('input', () => {
    draft.text = text.value;
    keep();
  });
  const line = (name: Line, most: number, attributes: Record<string, string>) => {
    const field = el('input', { attributes: { maxlength: String(most), 'data-testid': `form-${name}`, ...attributes } });
    field.value = draft[name];
    field.addEventListener('input', () => {
      draft[name] = field.value;
      keep();
    });
    return el('label', { class: 'field' }, say(`form.${name}`), field);
  };
  const who = el(
    'details',
    { attributes: { open: draft.name || draft.phone || draft.vneid ? '' : undefined } },
    el('summary', { attributes: { 'data-testid': 'form-who' } }, say('form.who')),
    el('p', { class: 'hint' }, say('form.whoHint')),
    line('name', NAME_MOST, { type: 'text', autocomplete: 'name' }),
    line('phone', PHONE_MOST, { type: 'tel', autocomplete: 'tel' }),
    line('vneid', VNEID_MOST, { type: 'text', autocomplete: 'off' }),
  );
  return [el('label', { class: 'field' }, say('form.text'), text), who];
}
