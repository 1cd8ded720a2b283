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

/** What is to be sent. It is not whole while files are being prepared. */
export class Files {
  readonly ready: Blob[] = [];
  preparing = false;
  /** draws them anew where they are shown now, and says what could not be added */
  changed: (faults: string) => void = () => {};

  async add(chosen: File[]): Promise<void> {
    const faults: string[] = [];
    this.preparing = true;
    for (const file of chosen) {
      this.changed('');
      const fault = faultOf(file, this.ready);
      const ready = fault ? null : await prepared(file);
      if (ready) this.ready.push(ready);
      else faults.push(say(FAULTS[fault || 'type'], { name: file.name }));
    }
    this.preparing = false;
    this.changed(faults.join(' '));
  }
}

/** `send` waits for what is being prepared. */
export function askFiles(files: Files, send: HTMLButtonElement): Inside[] {
  const list = el('ul', { class: 'files', attributes: { 'data-testid': 'form-files' } });
  const said = el('p', { class: 'hint', attributes: { role: 'status' } });
  const choice = el('input', { class: 'unseen', id: 'files', attributes: { type: 'file', accept: 'image/*,video/mp4,video/webm,video/quicktime', multiple: '', 'data-testid': 'form-file' } });
  const draw = (faults: string) => {
    const { ready, preparing } = files;
    choice.disabled = send.disabled = preparing;
    said.textContent = preparing ? say('form.file.preparing') : faults;
    send.textContent = say(preparing ? 'form.file.preparing' : 'form.send');
    fill(
      list,
      ...ready.map((file, i) =>
        preview(file, i + 1, () => {
          ready.splice(i, 1);
          draw('');
          choice.focus();
        }),
      ),
    );
  };
  files.changed = draw;
  choice.addEventListener('change', () => {
    const chosen = Array.prototype.slice.call(choice.files || []) as File[];
    void files.add(chosen).then(() => (choice.value = ''));
  });
  draw('');
  return [el('div', { class: 'field' }, say('form.files'), el('span', { class: 'hint' }, say('form.filesHint')), choice, el('label', { class: 'button', attributes: { for: 'files' } }, say('form.choose')), list, said)];
}
