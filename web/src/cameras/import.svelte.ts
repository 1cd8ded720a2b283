// Cameras from a file, step by step: the server reads the table, pictures of its cameras come one by one, and its lines are
// added one by one. The table, which holds passwords, stays in this object alone.

import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { api, Problem } from '../api/client';
import type { Probe } from '../api/types';
import { problemText } from '../shell/problem-text';
import { t } from '../texts/texts.svelte';
import { countReady, isReady, keyOf, linesOf, nextToAsk, placeOf, type Imported, type ImportedCamera, type Line, type Seen } from './import';

/** The server looks at no more at a time. */
const AT_ONCE = 2;
/** When it looks at others: how often it is asked again, and after how long. */
const TRIES = 10;
const BUSY_MS = 2_000;

export class CameraImport {
  lines = $state.raw<Line[]>([]);
  seen = new SvelteMap<string, Seen>();
  /** pictures of these are on their way */
  asked = new SvelteSet<string>();
  busy = $state<'' | 'read' | 'add'>('');
  error = $state('');
  /** of the lines that are being added */
  done = $state(0);
  total = $state(0);
  ready = $derived(countReady(this.lines));

  private table = '';
  private waiting: ImportedCamera[] = [];
  private looking = new AbortController();
  /** the line this reading of a table began with: what comes later than another reading is dropped */
  private turn = 0;

  constructor(private readonly pause: (ms: number) => Promise<void> = (ms) => new Promise((then) => setTimeout(then, ms))) {}

  async read(table: string): Promise<void> {
    this.drop();
    const turn = this.turn;
    this.busy = 'read';
    try {
      const told = await api.postTable<Imported>('/cameras/import?dry_run=true', table);
      if (turn !== this.turn) return;
      this.table = table;
      this.lines = linesOf(told);
      if (this.lines.length === 0) this.error = t('import.none');
      this.look(this.lines.filter(isReady).flatMap(({ cameras }) => cameras.filter(({ state }) => state === 'new')));
    } catch (problem) {
      if (turn === this.turn) this.error = tableTrouble(problem);
    } finally {
      if (turn === this.turn) this.busy = '';
    }
  }

  /** Forgets the table and its passwords. */
  drop(): void {
    this.turn++;
    this.looking.abort();
    this.table = '';
    this.lines = [];
    this.waiting = [];
    this.seen.clear();
    this.asked.clear();
    this.busy = '';
    this.error = '';
    this.done = this.total = 0;
  }

  /* ---- pictures ---- */

  private look(cameras: ImportedCamera[]): void {
    this.looking = new AbortController();
    this.waiting = cameras;
    this.lookAtMore();
  }

  private lookAtMore(): void {
    const places = new Set(this.lines.flatMap(({ cameras }) => cameras.filter((one) => this.asked.has(keyOf(one))).map(placeOf)));
    while (this.asked.size < AT_ONCE) {
      const next = nextToAsk(this.waiting, places);
      if (!next) return;
      this.waiting = this.waiting.filter((one) => one !== next);
      places.add(placeOf(next));
      void this.lookAt(next);
    }
  }

  private async lookAt(camera: ImportedCamera): Promise<void> {
    const { signal } = this.looking;
    const key = keyOf(camera);
    this.asked.add(key);
    const seen = await this.pictureOf(camera, signal);
    if (signal.aborted) return;
    this.asked.delete(key);
    this.seen.set(key, seen);
    this.lookAtMore();
  }

  private async pictureOf({ line, channel }: ImportedCamera, signal: AbortSignal): Promise<Seen> {
    for (let tried = 0; ; tried++) {
      try {
        const { picture } = await api.postTable<Probe>(`/cameras/import/probe?line=${line}&channel=${channel}`, this.table, signal);
        return { picture: picture ?? '', trouble: picture ? '' : t('find.noPicture') };
      } catch (problem) {
        const busy = problem instanceof Problem && problem.status === 503 && tried < TRIES;
        if (!busy || signal.aborted) return { picture: '', trouble: signal.aborted ? '' : problemText(problem) };
        await this.pause(BUSY_MS);
      }
    }
  }

  /* ---- adding ---- */

  /** Adds what is right, line by line; pictures that did not come are not waited for. True: all of it is there now. */
  async add(): Promise<boolean> {
    const turn = this.turn;
    const wanted = this.lines.filter(isReady).map(({ line }) => line);
    this.looking.abort();
    this.waiting = [];
    this.asked.clear();
    this.busy = 'add';
    this.error = '';
    this.done = 0;
    this.total = wanted.length;
    try {
      for (const line of wanted) {
        const told = await this.addLine(line);
        if (turn !== this.turn) return false;
        this.lines = this.lines.map((one) => (one.line === line ? (linesOf(told)[0] ?? one) : one));
        this.done++;
      }
    } catch (problem) {
      if (turn === this.turn) this.error = problemText(problem);
    } finally {
      if (turn === this.turn) this.busy = '';
    }
    return turn === this.turn && !this.error && this.ready === 0;
  }

  private async addLine(line: number): Promise<Imported> {
    for (let tried = 0; ; tried++) {
      try {
        return await api.postTable<Imported>(`/cameras/import?line=${line}`, this.table);
      } catch (problem) {
        if (!(problem instanceof Problem && problem.status === 503 && tried < TRIES)) throw problem;
        await this.pause(BUSY_MS);
      }
    }
  }
}

/** What is no table at all: the server's words say which line. */
function tableTrouble(problem: unknown): string {
  return problem instanceof Problem && problem.status === 400 ? t('import.noTable', { why: problem.detail }) : problemText(problem);
}
