// Files on their way: how far each is, and what to do when the line stays away.

import { button, el, fill } from '../report-form/dom';
import { Refused } from '../report-form/send';
import { megabytes } from './files';
import { bytesToCome, Giving, type GivenFile } from './giving';
import { keyOf } from './key';
import type { Link } from './link';
import { isOver, trouble } from './trouble';
import { say } from './words';

const isFinal = (error: unknown): boolean => error instanceof Refused && (error.status === 422 || error.status === 400);

/** Files that were chosen, and what the page was told: the room that is left, and what is there. */
export interface Chosen {
  files: File[];
  room: number;
  there: GivenFile[];
}

/** `then`: when all is there, or it was given up; with what is to be said. */
export async function showSending(main: HTMLElement, link: Link, { files, room, there }: Chosen, then: (said: string) => void): Promise<void> {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  fill(main, el('h1', {}, say('give.sending')), el('p', { attributes: { role: 'status' } }, say('give.preparing')));
  const keys = await Promise.all(files.map((file) => keyOf(link.id, file))).catch(() => null);
  if (!keys) return then(say('give.unread'));
  const wanted = bytesToCome(files.map(({ size }, i) => ({ size, key: keys[i]! })), there);
  if (wanted > room) return then(say('give.large', { size: megabytes(wanted), room: megabytes(room) }));
  const givings = files.map((file, i) => new Giving(link, file, keys[i]!));
  const bar = el('progress', { attributes: { max: '100', 'aria-label': say('give.sending') } });
  const told = el('p', { attributes: { role: 'status' } });
  let done = 0;
  /** What is refused for what it is would be refused again: the others go on without it. */
  const goOn = (error: unknown): HTMLElement => {
    if (!isFinal(error)) return button('give-go-on', { class: 'primary', onclick: () => void run() }, say('give.goOn'));
    if (done + 1 === givings.length) return button('give-other', { class: 'primary', onclick: () => then('') }, say('give.other'));
    return button('give-skip', { class: 'primary', onclick: () => { done++; void run(); } }, say('give.skip'));
  };
  const run = async () => {
    fill(main, el('h1', {}, say('give.sending')), bar, told, el('p', { class: 'hint' }, say('give.stay')));
    try {
      while (done < givings.length) {
        const before = files.slice(0, done).reduce((sum, { size }) => sum + size, 0);
        await givings[done]!.go((share) => {
          bar.value = Math.round(((before + share * files[done]!.size) / all) * 100);
          told.textContent = say('give.progress', { n: bar.value, file: done + 1, files: files.length });
        });
        done++;
      }
      then(say('give.thanks'));
    } catch (error) {
      if (isOver(error)) return then('');
      const again = goOn(error);
      fill(main, el('h1', {}, say('give.stopped.title')), el('p', { class: 'fault', attributes: { role: 'alert' } }, trouble(error)), again, button('give-up', { onclick: () => then('') }, say('give.up')));
      again.focus();
    }
  };
  void run();
}
