// Plays the footage of one camera out of the ZIP: one file after the other, each handed to the browser fragment by
// fragment, a little ahead of what is shown.

import { behindGap, bytesFor, filmEnd, filmTimeOf, firstKey, fragmentFor, fragmentOf, isGap, keyBefore, momentOf, readFilm, type Film } from './film';
import { isLed, type Media } from './facts';

const AHEAD_S = 15;
/** while it stands */
const AHEAD_STILL_S = 1;
const KEPT_S = 30;

export type PlayerState = 'still' | 'playing' | 'none' | 'undecoded' | 'unplayable' | 'failed';

export class Player {
  private now: PlayerState = 'still';
  /** microseconds */
  time = 0;
  private film: Film | null = null;
  private source: MediaSource | null = null;
  private buffer: SourceBuffer | null = null;
  private address = '';
  private next = 0;
  /** of the newest seek: what belongs to an older one is dropped */
  private turn = 0;
  /** the turn for which fragments are being handed over; 0: none */
  private filling = 0;

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly file: Blob,
    private readonly media: Media[],
    /** it plays, stands, or shows another moment */
    private readonly changed: () => void,
  ) {
    video.addEventListener('timeupdate', () => this.follow());
    video.addEventListener('playing', () => (this.state = 'playing'));
    video.addEventListener('pause', () => this.state === 'playing' && (this.state = 'still'));
    video.addEventListener('waiting', () => this.overGap());
    video.addEventListener('ended', () => void this.goOn());
    video.addEventListener('error', () => this.film && this.fail());
  }

  get state(): PlayerState {
    return this.now;
  }

  private set state(now: PlayerState) {
    this.now = now;
    this.changed();
  }

  /** Shows the picture of a moment. */
  async seek(us: number, play = !this.video.paused): Promise<void> {
    const turn = ++this.turn;
    this.time = us;
    this.changed();
    const media = this.media.find(({ from, to }) => us >= from && us < to);
    if (!media) {
      this.drop();
      this.state = 'none';
      return;
    }
    if (this.film?.media !== media && !(await this.open(media, turn))) return;
    const { film, buffer } = this;
    if (turn !== this.turn || !film || !buffer) return;
    const index = fragmentOf(film, us);
    if (isGap(film, index, us)) return this.seekBehind(film.fragments[index + 1]?.time, play, 'none');
    if (index < firstKey(film)) return this.seekBehind(film.fragments[firstKey(film)]?.time, play, 'undecoded');
    const at = filmTimeOf(film.fragments[index]!, us);
    if (!this.has(at)) {
      this.next = keyBefore(film, index);
    }
    this.video.currentTime = at;
    this.state = 'still';
    void this.fill();
    if (play) await this.play();
  }

  /** A moment without pictures that can be shown, inside a file: played, it goes on with the next ones. */
  private async seekBehind(next: number | undefined, play: boolean, why: 'none' | 'undecoded'): Promise<void> {
    if (play && next !== undefined) return this.seek(next, true);
    this.drop();
    this.state = why;
  }

  async play(): Promise<void> {
    if (this.state === 'unplayable' || this.state === 'failed') return;
    if (!this.film) {
      const later = this.media.find(({ to }) => to > this.time);
      if (later) await this.seek(Math.max(later.from, this.time), true);
      return;
    }
    await this.video.play().catch(() => {}); // another seek came between
  }

  pause(): void {
    this.video.pause();
  }

  close(): void {
    this.turn++;
    this.drop();
  }

  private has(seconds: number): boolean {
    const { buffered } = this.video;
    for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= seconds && seconds < buffered.end(i)) return true;
    return false;
  }

  private drop(): void {
    this.film = this.buffer = this.source = null;
    this.video.removeAttribute('src');
    this.video.load();
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = '';
  }

  private fail(): void {
    this.drop();
    this.state = 'failed';
  }

  /** True when fragments of this file can be handed over. */
  private async open(media: Media, turn: number): Promise<boolean> {
    this.drop();
    if (typeof MediaSource === 'undefined') {
      this.state = 'unplayable';
      return false;
    }
    const at = this.media.indexOf(media);
    const before = isLed(this.media, at) ? this.media[at - 1]! : null;
    const film = await readFilm(this.file, media, (type) => MediaSource.isTypeSupported(type), before).catch(() => null);
    if (turn !== this.turn) return false;
    if (film === 'unplayable') {
      this.state = 'unplayable';
      return false;
    }
    if (!film) {
      this.fail();
      return false;
    }
    const source = new MediaSource();
    this.address = URL.createObjectURL(source);
    this.video.src = this.address;
    await new Promise((opened) => source.addEventListener('sourceopen', opened, { once: true }));
    if (turn !== this.turn) return false;
    // Of a film without an end browsers show no moment behind what they have: they would stay with another picture.
    source.duration = filmEnd(film);
    this.film = film;
    this.source = source;
    this.buffer = source.addSourceBuffer(film.type);
    this.next = 0;
    return this.append(await bytesFor(this.file, film, media.at, film.initBytes), 0, turn);
  }

  private async append(data: Uint8Array<ArrayBuffer>, shift: number, turn: number): Promise<boolean> {
    const { buffer } = this;
    const updated = () => new Promise((done) => buffer!.addEventListener('updateend', done, { once: true }));
    try {
      if (buffer?.updating) await updated(); // what an older turn handed over
      if (turn !== this.turn || !buffer) return false;
      if (buffer.timestampOffset !== shift) buffer.timestampOffset = shift;
      buffer.appendBuffer(data);
      await updated();
      return turn === this.turn;
    } catch {
      if (turn === this.turn) this.fail();
      return false;
    }
  }

  /** Hands over what will be shown next, and lets go of what was. One at a time. */
  private async fill(): Promise<void> {
    const { turn, film, buffer } = this;
    if (!film || !buffer || this.filling === turn) return;
    this.filling = turn;
    if (await this.handOver(film, turn)) this.letGo(film, buffer);
    if (this.filling === turn) this.filling = 0;
  }

  private async handOver(film: Film, turn: number): Promise<boolean> {
    while (this.next < film.fragments.length && film.fragments[this.next]!.filmTime < this.video.currentTime + (this.video.paused ? AHEAD_STILL_S : AHEAD_S)) {
      const data = await fragmentFor(this.file, film, this.next).catch(() => null);
      if (turn !== this.turn) return false;
      if (!data) {
        this.fail();
        return false;
      }
      const { shift } = film.fragments[this.next++]!;
      if (!(await this.append(data, shift, turn))) return false;
    }
    return turn === this.turn;
  }

  private letGo(film: Film, buffer: SourceBuffer): void {
    const { source, video } = this;
    if (buffer.updating) return;
    if (this.next === film.fragments.length && source?.readyState === 'open') source.endOfStream();
    else if (video.buffered.length > 0 && video.buffered.start(0) < video.currentTime - 2 * KEPT_S) buffer.remove(0, video.currentTime - KEPT_S);
  }

  private follow(): void {
    if (!this.film || this.video.seeking) return;
    void this.fill();
    if (this.video.paused) return; // it stands at the moment that was asked for
    this.time = momentOf(this.film, this.video.currentTime);
    this.changed();
  }

  /** It has come to the end of what is buffered: behind a gap it goes on where there are pictures again. */
  private overGap(): void {
    const { film, video } = this;
    if (!film || video.paused || video.seeking) return;
    for (let i = 0; i < video.buffered.length; i++) {
      const end = video.buffered.end(i);
      if (video.currentTime < video.buffered.start(i) - 0.1 || video.currentTime > end + 0.1) continue;
      const index = behindGap(film, end);
      if (index < 0) return;
      this.next = Math.max(this.next, index);
      video.currentTime = film.fragments[index]!.filmTime;
      return void this.fill();
    }
  }

  /** The next file, behind a gap or not. */
  private async goOn(): Promise<void> {
    const later = this.film && this.media.find(({ from }) => from >= this.film!.media.to);
    if (later) await this.seek(later.from, true);
    else this.state = 'still';
  }
}
