// The page: chooses the ZIP, checks it in slices, says what came of it. It works from a disk, without network; texts of
// the package are shown as texts.

import { button, el, fill, type Inside } from '../report-form/dom';
import { about, clockLines, filmLines, madeBy } from './about';
import { CameraReport } from './camera';
import { checkPackage, workOf, type Result } from './check';
import { fingerprintDigits, grouped } from './keyring';
import { negativeReport, packedReport } from './negative-report';
import { cameraName, faultList, outcome } from './outcome';
import { keyState, resultJson, type KeyState } from './result';
import { Source, Stopped } from './source';
import { megabytes, zoneOf } from './times';
import { locale, say, speak, spoken } from './words';

const ADDRESS_KEPT_MS = 60_000;

/** Nobody knows where this page came from. */
const fromDisk = () => location.protocol === 'file:';

export class Page {
  private file: File | null = null;
  private result: Result | null = null;
  private running: AbortController | null = null;
  private cameras: CameraReport[] = [];
  /** what somebody typed as the fingerprint */
  private typed = '';
  private readonly came = el('div', { class: 'stack', attributes: { 'data-testid': 'verify-came' } });
  private readonly verdict = el('div', { class: 'stack' });
  private readonly faults = el('div');
  private readonly keyTold = el('p', { id: 'fingerprint-hint', class: 'hint', attributes: { role: 'status' } });
  private readonly keyField = el('input', { id: 'fingerprint', attributes: { autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-describedby': 'fingerprint-hint', 'data-testid': 'verify-key' } });
  private readonly chooser = el('section', { class: 'card stack choose' });

  constructor(private readonly place: HTMLElement) {
    this.keyField.addEventListener('input', () => {
      this.typed = this.keyField.value;
      this.tellKey();
    });
    document.addEventListener('dragover', (event) => this.hover(event, true));
    document.addEventListener('dragleave', (event) => this.hover(event, false));
    document.addEventListener('drop', (event) => {
      this.hover(event, false);
      void this.check(event.dataTransfer?.files[0]);
    });
  }

  private hover(event: DragEvent, over: boolean): void {
    event.preventDefault();
    this.chooser.classList.toggle('hovering', over);
  }

  private get key(): KeyState {
    return this.result ? keyState(this.result, fingerprintDigits(this.typed)) : 'unasked';
  }

  show(): void {
    const turn = () => {
      speak(spoken() === 'vi' ? 'en' : 'vi');
      this.show();
    };
    const language = button('verify-language', { class: 'quiet', attributes: { lang: spoken() === 'vi' ? 'en' : 'vi' }, onclick: turn }, say('verify.otherLanguage'));
    fill(
      this.place,
      el('header', { class: 'row' }, el('h1', { class: 'grow' }, say('verify.title')), language),
      el('main', { class: 'stack' }, el('p', {}, say('verify.lead')), this.chooser, this.came, fromDisk() ? el('p', { class: 'card caution' }, say('verify.notTrusted')) : null),
    );
    this.showChooser();
    if (this.result) this.showResult(this.result);
    this.tellKey();
  }

  private showChooser(): void {
    const input = el('input', { attributes: { type: 'file', accept: '.zip,application/zip', 'data-testid': 'verify-file' } });
    input.addEventListener('change', () => void this.check(input.files?.[0]));
    fill(
      this.chooser,
      el('label', { class: 'file' }, input, el('span', { class: 'button primary' }, say(this.file ? 'verify.chooseAnother' : 'verify.choose')), el('span', { class: 'hint' }, say('verify.drop'))),
      el('div', { class: 'field' }, el('label', { attributes: { for: 'fingerprint' } }, say('verify.key')), this.keyField, this.keyTold),
    );
  }

  /** What is known of the key, and what follows from it. */
  private tellKey(): void {
    const wrong = this.typed.trim() !== '' && fingerprintDigits(this.typed) === null;
    const { key } = this;
    this.keyField.setAttribute('aria-invalid', String(wrong));
    this.keyTold.className = `hint ${wrong || key === 'other' ? 'ill' : key === 'same' ? 'well' : ''}`;
    this.keyTold.dataset['key'] = key;
    this.keyTold.textContent = wrong ? say('verify.keyShort') : key === 'same' ? `✓ ${say('verify.keySame')}` : key === 'other' ? `✗ ${say('verify.keyOther')}` : say('verify.keyHint');
    if (!this.result) return;
    fill(this.verdict, ...outcome(this.result, key));
    fill(this.faults, faultList(this.result, key, this.zone));
  }

  private get zone(): string {
    return zoneOf(this.result?.manifest?.zone ?? 'UTC');
  }

  private async check(file: File | undefined): Promise<void> {
    if (!file) return;
    this.forget();
    const stop = (this.running = new AbortController());
    this.file = file;
    this.showChooser();
    const progress = this.showProgress(file);
    try {
      const result = await checkPackage(new Source(file, stop.signal, progress));
      if (stop.signal.aborted) return;
      this.result = result;
      this.showResult(result);
      this.tellKey();
      this.came.querySelector<HTMLElement>('h2')?.focus();
    } catch (error) {
      if (error instanceof Stopped || stop.signal.aborted) return;
      fill(this.came, el('p', { class: 'card ill', attributes: { role: 'alert', 'data-testid': 'verify-unreadable' } }, say('verify.unreadable')));
    }
  }

  private forget(): void {
    this.running?.abort();
    for (const camera of this.cameras) camera.close();
    this.cameras = [];
    this.file = this.result = null;
    fill(this.came);
  }

  /** Returns what draws the progress. */
  private showProgress(file: File): (done: number) => void {
    const bar = el('progress', { attributes: { 'aria-label': say('verify.working', { name: file.name }), 'data-testid': 'verify-progress' } });
    const told = el('span', { class: 'grow hint' });
    const stop = () => {
      this.forget();
      this.show();
    };
    bar.max = workOf(file.size);
    fill(
      this.came,
      el('section', { class: 'card stack' }, el('p', { class: 'name' }, say('verify.working', { name: file.name })), bar, el('div', { class: 'row' }, told, button('verify-stop', { onclick: stop }, say('verify.stop')))),
    );
    return (done) => {
      bar.value = done;
      told.textContent = say('verify.done', { done: megabytes(Math.min(done / 2, file.size), locale()), all: megabytes(file.size, locale()) });
    };
  }

  private showResult(result: Result): void {
    const { file, zone } = this;
    const { manifest } = result;
    const own = result.fingerprints.at(-1);
    for (const camera of this.cameras) camera.close();
    this.cameras = manifest && file ? result.cameras.map((_, index) => this.camera(result, index)) : [];
    const keyOf: Inside = own ? el('dl', { class: 'card own' }, el('dt', {}, say('verify.keyOf')), el('dd', { attributes: { 'data-testid': 'verify-own-key' } }, grouped(own))) : null;
    fill(
      this.came,
      el('h2', { class: 'name', attributes: { tabindex: '-1' } }, file?.name ?? ''),
      this.verdict,
      keyOf,
      this.faults,
      ...this.cameras.map(({ element }) => element),
      ...(result.negative?.cameras.map((camera) => negativeReport(camera, zone)) ?? []),
      packedReport(result.packed, zone),
      manifest ? about(result, manifest, zone) : null,
      el('div', { class: 'row' }, button('verify-save', { onclick: () => this.save(result) }, say('verify.save')), el('span', { class: 'hint' }, say('verify.saveHint'))),
    );
  }

  private camera(result: Result, index: number): CameraReport {
    const facts = result.manifest!.cameras[index]!.facts;
    return new CameraReport({
      name: cameraName(result.manifest!, index),
      place: [facts['location'], facts['village']].filter(Boolean).join(', '),
      about: [...filmLines(result.manifest!.films ?? [], result.manifest!.cameras[index]!.id), madeBy(facts), ...clockLines(result.clocks, index)].filter((line) => line !== ''),
      zone: this.zone,
      file: this.file!,
      verdict: result.cameras[index]!,
      media: result.facts!.media.filter(({ camera }) => camera === index),
      gaps: result.gaps.filter(({ camera }) => camera === index),
    });
  }

  private save(result: Result): void {
    const name = this.file?.name ?? '';
    const text = `${JSON.stringify(resultJson(name, result, this.key), null, 1)}\n`;
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = el('a', { attributes: { href: address, download: `${name.replace(/\.zip$/i, '')}.verify.json` } });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), ADDRESS_KEPT_MS);
  }
}
