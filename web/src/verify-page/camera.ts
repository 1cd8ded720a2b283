// One camera: its strip of seconds, the same in words, gaps with their cause, and its pictures.

import { button, el } from '../report-form/dom';
import type { Gap, Media } from './facts';
import { VERDICTS, type CameraVerdict, type Span } from './judge';
import { inSteps, spanText } from './outcome';
import { Player } from './player';
import { drawStrip, spanAt } from './strip';
import { moment } from './times';
import { locale, say, sayCode } from './words';

const SECOND_US = 1_000_000;
const STEP = 100;
const JUMP_S = 10;
const KEYS_S: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -60, PageUp: 60, Home: -Infinity, End: Infinity };

export interface CameraFacts {
  name: string;
  place: string;
  /** how it is coded; what made it */
  about: string[];
  zone: string;
  file: Blob;
  verdict: CameraVerdict;
  media: Media[];
  gaps: Gap[];
}

const word = (verdict: string) => sayCode(`verify.verdict.${verdict}`);

export class CameraReport {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas');
  private readonly cursor = el('span', { class: 'cursor' });
  private readonly strip: HTMLElement;
  private readonly told = el('p', { class: 'at', attributes: { 'data-testid': 'verify-at' } });
  private readonly over = el('p', { class: 'over', attributes: { role: 'status' } });
  private readonly video = el('video', { attributes: { playsinline: '', 'data-testid': 'verify-video' } });
  private readonly play = button('verify-play', { class: 'primary grow', onclick: () => this.toggle() });
  private readonly resized = new ResizeObserver(() => this.draw());
  private readonly spans: Span[];
  private readonly begin: number;
  private readonly end: number;
  private readonly first: number;
  private player: Player | null = null;
  /** shows its first picture when somebody comes to it */
  private readonly seen = new IntersectionObserver(([entry]) => {
    if (entry?.isIntersecting && !this.player) this.choose(this.first);
  });

  constructor(private readonly facts: CameraFacts) {
    this.spans = facts.verdict.spans;
    this.begin = this.spans[0]?.from ?? 0;
    this.end = this.spans.at(-1)?.to ?? this.begin;
    this.first = Math.min(Math.max(facts.media[0]?.from ?? this.begin, this.begin), Math.max(this.begin, this.end - 1));
    this.video.muted = true;
    this.video.setAttribute('aria-label', `${say('verify.watch')}: ${facts.name}`);
    this.strip = this.makeStrip();
    this.element = this.makeElement();
    this.resized.observe(this.canvas);
    if (facts.media.length > 0) this.seen.observe(this.video);
    this.show();
  }

  close(): void {
    this.resized.disconnect();
    this.seen.disconnect();
    this.player?.close();
  }

  private get at(): number {
    return this.player?.time ?? this.first;
  }

  private makeStrip(): HTMLElement {
    const seconds = Math.round((this.end - this.begin) / SECOND_US);
    const strip = el(
      'div',
      {
        class: 'strip',
        attributes: { role: 'slider', tabindex: '0', 'aria-label': `${say('verify.strip')}: ${this.facts.name}`, 'aria-valuemin': '0', 'aria-valuemax': String(seconds), 'data-testid': 'verify-strip' },
      },
      this.canvas,
      this.cursor,
    );
    let held = false;
    const point = ({ clientX }: PointerEvent) => {
      const box = this.canvas.getBoundingClientRect();
      this.choose(this.begin + ((clientX - box.left) / box.width) * (this.end - this.begin));
    };
    strip.addEventListener('pointerdown', (event) => {
      held = true;
      strip.setPointerCapture(event.pointerId);
      point(event);
    });
    strip.addEventListener('pointermove', (event) => held && point(event));
    for (const over of ['pointerup', 'pointercancel']) strip.addEventListener(over, () => (held = false));
    strip.addEventListener('keydown', (event) => {
      const step = KEYS_S[event.key];
      if (step === undefined) return;
      event.preventDefault();
      this.choose(this.at + step * SECOND_US);
    });
    return strip;
  }

  private makeWatch(): HTMLElement {
    if (this.facts.media.length === 0) return el('p', { class: 'hint' }, say('verify.noFootage'));
    const jump = (seconds: number) =>
      button(seconds < 0 ? 'verify-back' : 'verify-forward', { onclick: () => this.choose(this.at + seconds * SECOND_US) }, say(seconds < 0 ? 'verify.back' : 'verify.forward'));
    return el('div', { class: 'stack' }, el('div', { class: 'watch' }, this.video, this.over), el('div', { class: 'moves' }, jump(-JUMP_S), this.play, jump(JUMP_S)));
  }

  private makeElement(): HTMLElement {
    const { name, place, about, zone, verdict, gaps } = this.facts;
    const there = VERDICTS.filter((one) => this.spans.some((span) => span.verdict === one));
    const gap = (at: number) => el('li', {}, say('verify.gap', { ...spanText(gaps[at]!.from, gaps[at]!.to, zone), cause: sayCode(`verify.cause.${gaps[at]!.cause}`) }));
    const span = (at: number) => {
      const one = this.spans[at]!;
      return el('li', {}, button('verify-span', { class: 'quiet span', onclick: () => this.choose(one.from) }, `${say('verify.span', spanText(one.from, one.to, zone))}: ${word(one.verdict)}`));
    };
    return el(
      'section',
      { class: 'card stack', attributes: { 'data-testid': 'verify-camera', 'data-camera': verdict.camera } },
      el(
        'div',
        {},
        el('h2', {}, name),
        place ? el('p', { class: 'hint' }, place) : null,
        ...about.map((line) => el('p', { class: 'hint', attributes: { 'data-testid': 'verify-camera-about' } }, line)),
        el('p', { class: verdict.complete ? 'whole' : 'torn', attributes: { 'data-testid': 'verify-complete' } }, verdict.complete ? `✓ ${say('verify.complete')}` : `! ${say('verify.incomplete')}`),
      ),
      el('div', {}, this.strip, this.told),
      el('ul', { class: 'legend' }, ...there.map((one) => el('li', {}, el('span', { class: `mark ${one}`, attributes: { 'aria-hidden': 'true' } }), word(one)))),
      this.makeWatch(),
      gaps.length > 0 ? el('div', {}, el('h3', {}, say('verify.gaps')), inSteps('ul', 'verify-gaps', gaps, STEP, gap)) : null,
      el('details', {}, el('summary', {}, say('verify.seconds')), inSteps('ul', 'verify-spans', this.spans, STEP, span)),
    );
  }

  private draw(): void {
    this.canvas.width = this.canvas.clientWidth;
    this.canvas.height = this.canvas.clientHeight;
    drawStrip(this.canvas, this.spans);
  }

  private choose(us: number, play?: boolean): void {
    this.player ??= new Player(this.video, this.facts.file, this.facts.media, () => this.show());
    void this.player.seek(Math.min(Math.max(us, this.begin), this.end - 1), play);
  }

  private toggle(): void {
    const { player, facts } = this;
    if (player?.state === 'playing') player.pause();
    else if (player && player.state !== 'none' && player.state !== 'undecoded') void player.play();
    else {
      const next = facts.media.find(({ to }) => to > this.at) ?? facts.media[0]!;
      this.choose(Math.max(next.from, this.at), true);
    }
  }

  /** What changes while it plays. */
  private show(): void {
    const { at, facts } = this;
    const state = this.player?.state ?? 'still';
    const verdict = spanAt(this.spans, at)?.verdict ?? 'gap';
    const told = say('verify.at', { time: moment(at, locale(), facts.zone), verdict: word(verdict) });
    const over = { unplayable: say('verify.noPlay', { codec: facts.media[0]?.codec ?? '' }), failed: say('verify.playFailed'), none: say('verify.noPicture'), undecoded: say('verify.noDecode'), still: '', playing: '' }[state];
    this.cursor.style.left = `${((at - this.begin) / Math.max(1, this.end - this.begin)) * 100}%`;
    this.strip.setAttribute('aria-valuenow', String(Math.floor((at - this.begin) / SECOND_US)));
    this.strip.setAttribute('aria-valuetext', told);
    this.told.textContent = told;
    this.video.dataset['state'] = state;
    this.play.textContent = say(state === 'playing' ? 'verify.pause' : 'verify.play');
    if (this.over.textContent !== over) this.over.textContent = over;
    this.over.hidden = over === '';
  }
}
