// What somebody has typed on the page and not saved yet: a page that holds such words is not loaded anew.

/** What is asked of an element of the page. */
export interface Field {
  readonly isConnected: boolean;
  readonly value?: string;
  closest(selector: string): Field | null;
}

const TEXT = 'input, textarea';

export class Typed {
  /** forms that were touched, and fields outside of any form */
  private readonly touched = new Set<Field>();

  /** Somebody typed or chose in `field`. */
  note(field: Field): void {
    const form = field.closest('form');
    if (form) this.touched.add(form);
    else if (field.closest(TEXT)) this.touched.add(field);
  }

  /** Whether something typed is still on the page. A form that was saved has left it. */
  get any(): boolean {
    for (const one of this.touched) if (!one.isConnected || one.value === '') this.touched.delete(one);
    return this.touched.size > 0;
  }
}

export const typed = new Typed();

/** Begins to watch the page. */
export function watchTyping(): void {
  const note = ({ target }: Event) => {
    if (target instanceof Element) typed.note(target);
  };
  for (const kind of ['input', 'change']) document.addEventListener(kind, note, { capture: true, passive: true });
  // also what is set by a finger: a place on a little map, a switch
  document.addEventListener('pointerdown', ({ target }) => {
    const form = target instanceof Element ? target.closest('form') : null;
    if (form) typed.note(form);
  }, { capture: true, passive: true });
}
