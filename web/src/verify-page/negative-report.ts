// One camera of a negative certificate: its verdict, the region that was looked at, and all that speaks against “nothing moved”.

import { el, type Inside } from '../report-form/dom';
import { clockIsWell, COLUMNS, inRegion, judgeCamera, ROWS, type NegativeCamera, type NegativeSpan } from './negative';
import { inSteps, spanText } from './outcome';
import type { Packed } from './packed';
import { say, sayCode, type Key } from './words';

const CELL_PX = 10;
const STEP = 50;

/** Cells of the region; those that moved, and those that were not seen at times, are drawn otherwise. */
function region(camera: NegativeCamera): HTMLElement {
  const canvas = el('canvas', { class: 'region', attributes: { role: 'img', 'aria-label': say('verify.negative.region', { n: camera.cells.filter(({ moved }) => moved > 0).length, m: camera.cells.filter(({ unknown }) => unknown > 0).length }) } });
  const pen = canvas.getContext('2d');
  canvas.width = COLUMNS * CELL_PX;
  canvas.height = ROWS * CELL_PX;
  if (!pen) return canvas;
  const cells = new Map(camera.cells.map((one) => [one.cell, one]));
  for (let cell = 0; cell < COLUMNS * ROWS; cell++) {
    const x = (cell % COLUMNS) * CELL_PX;
    const y = Math.floor(cell / COLUMNS) * CELL_PX;
    const found = cells.get(cell);
    pen.fillStyle = !inRegion(camera, cell) ? '#8884' : found?.moved ? '#c62828' : found?.unknown ? '#f9a825' : '#2e7d32';
    pen.fillRect(x, y, CELL_PX - 1, CELL_PX - 1);
    if (!found) continue; // told apart without colours, too
    pen.fillStyle = '#fff';
    pen.fillRect(x + 3, y + (found.moved ? 1 : 4), 3, found.moved ? 7 : 2);
  }
  return canvas;
}

function spans(title: Key, all: NegativeSpan[], zone: string): Inside[] {
  if (all.length === 0) return [];
  const one = (at: number) => {
    const { from, to, cause } = all[at]!;
    const text = say('verify.span', spanText(from, to, zone));
    return el('li', {}, cause ? `${text}: ${sayCode(`verify.cause.${cause}`)}` : text);
  };
  return [el('h3', {}, say(title, { n: all.length })), inSteps('ul', title, all, STEP, one)];
}

export function negativeReport(camera: NegativeCamera, zone: string): HTMLElement {
  const verdict = judgeCamera(camera);
  return el(
    'section',
    { class: 'card stack', attributes: { 'data-testid': 'verify-negative', 'data-verdict': verdict } },
    el('h2', {}, camera.name),
    el('p', {}, el('strong', {}, say(`verify.negative.${verdict}`))),
    clockIsWell(camera) ? null : el('p', {}, say('verify.negative.clock')),
    camera.sparsely > 0 ? el('p', {}, say('verify.negative.sparsely', { n: camera.sparsely })) : null,
    region(camera),
    el('p', { class: 'hint' }, say('verify.negative.legend')),
    ...spans('verify.negative.moved', camera.moved, zone),
    ...spans('verify.negative.unknown', camera.unknown, zone),
    ...spans('verify.negative.partly', camera.partly, zone),
    ...spans('verify.negative.gaps', camera.gaps, zone),
  );
}

/** Certificates that go along with a package, by number; each opens to what it says of its cameras. */
export function packedReport(all: Packed[], zone: string): Inside {
  if (all.length === 0) return null;
  const one = ({ about, negative }: Packed) =>
    el(
      'details',
      { attributes: { 'data-testid': 'verify-packed' } },
      el('summary', {}, el('strong', {}, about.number), ` ${say(`verify.negative.${negative.verdict}`)}. ${say('verify.span', spanText(about.from, about.to, zone))}`),
      ...negative.cameras.map((camera) => negativeReport(camera, zone)),
    );
  return el('section', { class: 'card stack' }, el('h2', {}, say('verify.packed')), el('p', { class: 'hint' }, say('verify.packed.hint')), ...all.map(one));
}
