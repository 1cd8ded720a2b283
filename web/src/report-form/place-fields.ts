// Step 2: when, in words that people use, or by date and clock; where, by the commune's list, by the phone's own
// position, or in words.

import { spansAt } from '../reports/spans';
import { dateField, timeField } from '../time/zone';
import { button, el, fill, type Inside } from './dom';
import { WHERE_MOST, type Draft } from './draft';
import { now, site } from './site';
import { say } from './words';

const POSITION_MOST_MS = 20_000;

function input(testid: string, label: string, type: string, value: string, set: (value: string) => void): HTMLElement {
  const field = el('input', { attributes: { type, 'data-testid': testid } });
  field.value = value;
  field.addEventListener('input', () => set(field.value));
  return el('label', { class: 'field' }, label, field);
}

function exactFields(draft: Draft, keep: () => void): HTMLElement {
  if (!draft.date) {
    draft.date = dateField(now(), site.zone);
    draft.fromTime = draft.toTime = timeField(now(), site.zone).slice(0, 5);
  }
  const set = (name: 'date' | 'fromTime' | 'toTime') => (value: string) => {
    draft[name] = value;
    keep();
  };
  return el(
    'div',
    { class: 'exact' },
    input('form-date', say('form.date'), 'date', draft.date, set('date')),
    input('form-from', say('form.from'), 'time', draft.fromTime, set('fromTime')),
    input('form-to', say('form.to'), 'time', draft.toTime, set('toTime')),
  );
}

export function timeFields(draft: Draft, keep: () => void): Inside[] {
  const place = el('div');
  const words = [...spansAt(now(), site.zone).map(({ word }) => word), 'exact' as const];
  if (draft.word && words.indexOf(draft.word) < 0) draft.word = '';
  const draw = () => {
    const one = (word: (typeof words)[number]) =>
      button(
        `form-when-${word}`,
        {
          attributes: { 'aria-pressed': String(draft.word === word) },
          onclick: () => {
            draft.word = word;
            keep();
            draw();
            const again = place.querySelector<HTMLElement>(`[data-testid=form-when-${word}]`);
            if (again) again.focus();
          },
        },
        say(`report.when.${word}`),
      );
    fill(place, el('div', { class: 'choices', attributes: { role: 'group', 'aria-label': say('form.when') } }, ...words.map(one)), draft.word === 'exact' ? exactFields(draft, keep) : null);
  };
  draw();
  return [place];
}

/** The commune's places, under the names of their villages. */
function locationField(draft: Draft, keep: () => void): Inside {
  if (site.locations.length === 0) return null;
  const choice = el('select', { attributes: { 'data-testid': 'form-location' } }, el('option', { attributes: { value: '' } }, say('form.anyLocation')));
  const groups: Record<string, HTMLElement> = {};
  for (const { id, name, village } of site.locations) {
    const option = el('option', { attributes: { value: id } }, name);
    const group = village || '';
    if (!groups[group]) choice.appendChild((groups[group] = group ? el('optgroup', { attributes: { label: group } }) : choice));
    groups[group]!.appendChild(option);
  }
  choice.value = draft.location;
  choice.addEventListener('change', () => {
    draft.location = choice.value;
    keep();
  });
  return el('label', { class: 'field' }, say('form.location'), choice);
}

function positionField(draft: Draft, keep: () => void): Inside {
  if (!('geolocation' in navigator)) return null;
  const place = el('div', { class: 'position' });
  const draw = (said: string, busy = false) => {
    const ask = () => {
      draw(say('form.locating'), true);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          draft.place = { lat: Number(coords.latitude.toFixed(6)), lon: Number(coords.longitude.toFixed(6)) };
          keep();
          draw(say('form.located', { n: Math.max(1, Math.round(coords.accuracy)) }));
        },
        (error) => draw(say(error.code === 1 ? 'form.notAllowed' : 'form.notLocated')),
        { enableHighAccuracy: true, timeout: POSITION_MOST_MS, maximumAge: 30_000 },
      );
    };
    const drop = () => {
      draft.place = null;
      keep();
      draw('');
    };
    const here = button('form-here', { onclick: ask }, say('form.here'));
    here.disabled = busy;
    fill(place, here, draft.place ? button('form-not-here', { class: 'quiet', onclick: drop }, say('form.notHere')) : null, el('p', { class: 'hint', attributes: { role: 'status', 'data-testid': 'form-position' } }, said));
  };
  draw(draft.place ? say('form.isLocated') : '');
  return place;
}

/** `learned`: the commune's places came after the step was shown. */
export function placeFields(draft: Draft, keep: () => void): { fields: Inside[]; learned: () => void } {
  const places = el('div');
  const learned = () => fill(places, locationField(draft, keep));
  learned();
  const words = el('input', { attributes: { type: 'text', maxlength: String(WHERE_MOST), placeholder: say('form.whereExample'), 'data-testid': 'form-where' } });
  words.value = draft.where;
  words.addEventListener('input', () => {
    draft.where = words.value;
    keep();
  });
  return { fields: [places, positionField(draft, keep), el('label', { class: 'field' }, say('form.whereWords'), words)], learned };
}
