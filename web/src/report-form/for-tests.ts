// For tests of what the pages without an account show: as much of a browser's document as they are built with.

export class Shown {
  readonly children: Shown[] = [];
  readonly attributes: Record<string, string> = {};
  className = '';
  id = '';
  value = '';
  disabled = false;
  private words = '';
  private readonly heard: Record<string, (() => void)[]> = {};

  constructor(readonly tag: string) {}

  appendChild(one: Shown): void {
    this.children.push(one);
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  addEventListener(event: string, listener: () => void): void {
    (this.heard[event] ??= []).push(listener);
  }

  hear(event: string): void {
    for (const listener of this.heard[event] ?? []) listener();
  }

  focus(): void {}

  get textContent(): string {
    return this.words + this.children.map((one) => one.textContent).join(' ');
  }

  set textContent(text: string) {
    this.children.length = 0;
    this.words = text;
  }

  /** The one that is marked so for tests. */
  find(testid: string): Shown | undefined {
    if (this.attributes['data-testid'] === testid) return this;
    return this.children.map((one) => one.find(testid)).find(Boolean);
  }
}

/** In place of the browser's document. */
export const shownDocument = {
  createElement: (tag: string) => new Shown(tag),
  createTextNode: (text: string) => Object.assign(new Shown(''), { textContent: text }),
};
