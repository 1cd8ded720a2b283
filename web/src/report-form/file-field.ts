// Step 3: pictures and one film, seen before they are sent, taken out again by a tap.

import { button, el, fill, type Inside } from './dom';
import { faultOf, isFilm, prepared, type Fault } from './pictures';
import { say } from './words';

const FAULTS: Record<Exclude<Fault, ''>, Parameters<typeof say>[0]> = {
  many: 'form.file.many',
  films: 'form.file.films',
  type: 'form.file.type',
  large: 'form.file.large',
};

function preview(file: Blob, n: number, remove: () => void): HTMLElement {
  const seen = isFilm(file) ? el('span', { class: 'film' }, say('form.film')) : el('img', { attributes: { alt: say('form.picture', { n }) } });
  if (seen instanceof HTMLImageElement) {
    seen.src = URL.createObjectURL(file);
    seen.onload = () => URL.revokeObjectURL(seen.src);
  }
  return el('li', {}, seen, button('form-file-remove', { class: 'quiet', attributes: { 'aria-label': say('form.removeFile', { n }) }, onclick: remove }, '×'));
}

/** `files`: what is to be sent, changed in place. */
export function askFiles(files: Blob[]): Inside[] {
  const list = el('ul', { class: 'files', attributes: { 'data-testid': 'form-files' } });
  const said = el('p', { class: 'hint', attributes: { role: 'status' } });
  const choice = el('input', { class: 'unseen', id: 'files', attributes: { type: 'file', accept: 'image/*,video/mp4,video/webm,video/quicktime', multiple: '', 'data-testid': 'form-file' } });
  const draw = () =>
    fill(
      list,
      ...files.map((file, i) =>
        preview(file, i + 1, () => {
          files.splice(i, 1);
          draw();
          choice.focus();
        }),
      ),
    );
  const add = async (chosen: File[]) => {
    const faults: string[] = [];
    choice.disabled = true;
    for (const file of chosen) {
      const fault = faultOf(file, files);
      said.textContent = say('form.file.preparing');
      const ready = fault ? null : await prepared(file);
      if (ready) files.push(ready);
      else faults.push(say(FAULTS[fault || 'type'], { name: file.name }));
      draw();
    }
    choice.disabled = false;
    said.textContent = faults.join(' ');
  };
  choice.addEventListener('change', () => {
    const chosen = Array.prototype.slice.call(choice.files || []) as File[];
    void add(chosen).then(() => (choice.value = ''));
  });
  draw();
  return [el('div', { class: 'field' }, say('form.files'), el('span', { class: 'hint' }, say('form.filesHint')), choice, el('label', { class: 'button', attributes: { for: 'files' } }, say('form.choose')), list, said)];
}
