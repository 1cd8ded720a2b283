// Elements by one call: what every part of the page is built of.

export type Inside = Node | string | null;

interface Props {
  class?: string;
  id?: string;
  /** an attribute each; undefined: none */
  attributes?: Record<string, string | undefined>;
  onclick?: () => void;
}

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...inside: Inside[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (props.class) made.className = props.class;
  if (props.id) made.id = props.id;
  const attributes = props.attributes || {};
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value !== undefined) made.setAttribute(name, value);
  }
  if (props.onclick) made.addEventListener('click', props.onclick);
  for (const one of inside) if (one !== null) made.appendChild(typeof one === 'string' ? document.createTextNode(one) : one);
  return made;
}

/** A button that sends no form. `testid`: for the tests in a browser. */
export function button(testid: string, props: Props, ...inside: Inside[]): HTMLButtonElement {
  return el('button', { ...props, attributes: { type: 'button', 'data-testid': testid, ...props.attributes } }, ...inside);
}

/** A sign drawn with strokes on a grid of 24. */
export function sign(shape: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shape);
  svg.appendChild(path);
  return svg;
}

/** Shows these in place of what was there. */
export function fill(place: HTMLElement, ...inside: Inside[]): void {
  place.textContent = '';
  for (const one of inside) if (one !== null) place.appendChild(typeof one === 'string' ? document.createTextNode(one) : one);
}
