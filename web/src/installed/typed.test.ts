import { expect, test } from 'vitest';
import { Typed, type Field } from './typed';

/** An element as the page has it: `form` around it, or none. */
function element(kind: 'input' | 'select' | 'form', form: Field | null = null, value = ''): { isConnected: boolean; value: string; closest(selector: string): Field | null } {
  const one = {
    isConnected: true,
    value,
    closest: (selector: string): Field | null => (selector === 'form' ? (kind === 'form' ? one : form) : kind === 'input' ? one : null),
  };
  return one;
}

test('a form that was touched holds the page until it is gone', () => {
  const typed = new Typed();
  const form = { ...element('form'), value: undefined as unknown as string };
  expect(typed.any).toBe(false);
  typed.note(element('input', form, 'Cổng chợ'));
  expect(typed.any).toBe(true);
  form.isConnected = false;
  expect(typed.any).toBe(false);
});

test('words in a search hold it until they are taken away', () => {
  const typed = new Typed();
  const search = element('input', null, 'ban bua');
  typed.note(search);
  expect(typed.any).toBe(true);
  search.value = '';
  expect(typed.any).toBe(false);
});

test('a choice that is kept at once holds nothing', () => {
  const typed = new Typed();
  typed.note(element('select', null, 'en'));
  expect(typed.any).toBe(false);
});
