// Pictures and films of a report: what may be sent, and pictures made smaller on the phone, which saves data
// and leaves out where and with what they were taken.

export const PICTURES_MOST = 5;
const PICTURE_BYTES_MOST = 8 << 20;
const FILM_BYTES_MOST = 64 << 20;
const SIDE_MOST = 2048;
/** Small ones go as they are. */
const SMALL_BYTES = 1 << 20;
const QUALITY = 0.85;
/** A phone that has not made a picture smaller by then does not get it done. */
const PREPARE_MOST_MS = 30_000;

const PICTURES = ['image/jpeg', 'image/png', 'image/webp'];
const FILMS = ['video/mp4', 'video/webm', 'video/quicktime'];

export const isFilm = (file: Blob) => file.type.slice(0, 6) === 'video/';

export type Fault = '' | 'many' | 'films' | 'type' | 'large';

/** May `file` be added to these? */
export function faultOf(file: Blob, added: Blob[]): Fault {
  if (isFilm(file)) {
    if (added.some(isFilm)) return 'films';
    if (FILMS.indexOf(file.type) < 0) return 'type';
    return file.size > FILM_BYTES_MOST ? 'large' : '';
  }
  if (file.type.slice(0, 6) !== 'image/') return 'type';
  return added.filter((one) => !isFilm(one)).length >= PICTURES_MOST ? 'many' : '';
}

/** Width and height with the longer side at most `most`. */
export function fitted(width: number, height: number, most = SIDE_MOST): { width: number; height: number } {
  const scale = Math.min(1, most / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function decoded(file: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const address = URL.createObjectURL(file);
    const image = new Image();
    image.onload = () => {
      URL.revokeObjectURL(address);
      resolve(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(address);
      reject(new Error('not a picture'));
    };
    image.src = address;
  });
}

function drawn(image: HTMLImageElement): Promise<Blob | null> {
  const { width, height } = fitted(image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.resolve(null);
  pen.drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

async function smaller(file: Blob): Promise<Blob | null> {
  const known = PICTURES.indexOf(file.type) >= 0;
  const image = await decoded(file).catch(() => null);
  if (!image) return null;
  const { width } = fitted(image.naturalWidth, image.naturalHeight);
  if (known && width === image.naturalWidth && file.size <= SMALL_BYTES) return file;
  const small = await drawn(image).catch(() => null);
  if (small) return small;
  return known && file.size <= PICTURE_BYTES_MOST ? file : null;
}

/** What is sent of a file that may be added; null: it cannot be read, or stays too large. */
export function prepared(file: Blob): Promise<Blob | null> {
  if (isFilm(file)) return Promise.resolve(file);
  return Promise.race([smaller(file), new Promise<null>((done) => setTimeout(() => done(null), PREPARE_MOST_MS))]);
}
