// What the manifest says of the films as pictures: how they are coded, how large they are, and how many came in how long.

import type { Check } from './check';
import { isLed, overlapsOf, type Facts } from './facts';
import { timeText } from './result';
import { HEAD_MOST_BYTES, videoRun } from './fmp4';
import type { LineReader } from './line';
import type { Part } from './scan';
import { entryAt, type ZipEntry } from './zip';

const HEAD_BYTES = 4096;
const FILMS_MOST = 4096;
const TICKS_A_SECOND = 90_000;

/** Footage files of a camera one after another that are coded alike. */
export interface Film {
  camera: string;
  from: number;
  to: number;
  /** RFC 6381 */
  codec: string;
  width: number;
  height: number;
  pictures: number;
  /** how long they last, in ticks of 1/90000 s */
  ticks: number;
}

/** The member "films" of a manifest. */
export function readFilms(reader: LineReader): Film[] {
  const films: Film[] = [];
  reader.items('films', () => {
    const film: Film = { camera: '', from: 0, to: 0, codec: '', width: 0, height: 0, pictures: 0, ticks: 0 };
    reader.parts(
      () => (film.camera = reader.uuid(null)),
      () => (film.from = reader.int(null)),
      () => (film.to = reader.int(null)),
      () => (film.codec = reader.chars(null, 31)),
      ...(['width', 'height', 'pictures', 'ticks'] as const).map((name) => () => (film[name] = reader.int(null))),
    );
    if (films.length === FILMS_MOST) reader.fail();
    films.push(film);
  });
  return films;
}

/** The pictures of a footage file whose parts are all in place, how long they last, and when the first key picture stands in it; by the clock of the seal's offset. */
export async function countPictures(check: Check, entry: ZipEntry, parts: Part[], { from, to }: { from: number; to: number }, clock: number): Promise<{ pictures: number; ticks: number; key: number }> {
  const count = { pictures: 0, ticks: 0, key: to };
  for (const [i, { offset, bytes, time }] of parts.slice(1).entries()) {
    const at = entryAt(entry) + offset;
    let head = await check.source.read(at, Math.min(HEAD_BYTES, bytes));
    let run = videoRun(head);
    if (!run && bytes > head.length) {
      head = await check.source.read(at, Math.min(HEAD_MOST_BYTES, bytes));
      run = videoRun(head);
    }
    count.pictures += run?.pictures ?? 0;
    count.ticks += run?.ticks ?? 0;
    if (run?.key) count.key = Math.min(count.key, i === 0 ? from : (time ?? to) + clock);
  }
  return count;
}

/** The films of what was found, by camera and time. */
function filmsOf(facts: Facts): Film[] {
  const films: Film[] = [];
  for (const { camera, from, to, codec, width, height, pictures, ticks } of facts.media) {
    const last = films.at(-1);
    const id = facts.cameras[camera]!;
    if (last && last.camera === id && last.codec === codec && last.width === width && last.height === height) {
      last.to = to;
      last.pictures += pictures;
      last.ticks += ticks;
    } else films.push({ camera: id, from, to, codec, width, height, pictures, ticks });
  }
  return films;
}

/** Of footage files that do not begin with a key picture: what their first pictures need. */
export function noteLeads({ facts, notes }: Check): void {
  const { media } = facts;
  media.forEach(({ name, from, key }, i) => {
    if (key <= from) return;
    const tenths = Math.floor((key - from + 50_000) / 100_000);
    const params = { file: name, span: `${Math.floor(tenths / 10)}.${tenths % 10} s` };
    notes.push(isLed(media, i) ? { code: 'led', params: { ...params, before: media[i - 1]!.name } } : { code: 'undecoded', params });
  });
}

/** Of files that bear the same times. */
export function noteOverlaps({ facts, notes }: Check): void {
  for (const { camera, from, to } of overlapsOf(facts)) notes.push({ code: 'overlap', params: { camera: facts.cameras[camera]!, from: timeText(from), to: timeText(to) } });
}

/** `told`: null of a package that is older than this member. */
export function checkFilms(check: Check, told: Film[] | null): void {
  if (told && !check.torn && JSON.stringify(told) !== JSON.stringify(filmsOf(check.facts))) check.faults.add('otherFilms', { file: 'manifest.json' });
}

/** Pictures a second, as they came; null: not known. */
export const rateOf = ({ pictures, ticks }: Film): number | null => (ticks > 0 ? (pictures * TICKS_A_SECOND) / ticks : null);
