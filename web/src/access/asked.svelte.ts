// The question for a reason as the playback screen asks it: one at a time, answered once.

import { Problem } from '../api/client';
import { dayStart } from '../time/zone';
import { access } from './access';
import type { Span } from './grants';
import type { Why } from './reason';

/** Does what takes a span of cameras out, once a reason for it was told; undefined: none was. */
export type Take = <T>(cameras: string[], span: Span, take: () => Promise<T>) => Promise<T | undefined>;

/** Films are loaded in windows that reach over midnight by this much. */
const BEFORE_MS = 5 * 60_000;
const AFTER_MS = 15 * 60_000;

export class ReasonAsked {
  /** what is asked now; null: nothing */
  asked = $state.raw<{ cameras: string[]; span: Span; taken: boolean } | null>(null);
  /** the day and cameras for which no reason was given; not asked again unwanted */
  declined = '';
  /** known beforehand: told without asking, and asked for only where the server does not take it */
  why: Why | null = null;
  private answered: ((told: boolean) => void) | null = null;

  /** Asks for the day around this moment of these cameras; true once a reason was told. */
  async day(cameras: string[], ms: number, zone: string): Promise<boolean> {
    const start = dayStart(ms, zone);
    const which = `${start} ${cameras.join()}`;
    if (this.asked || which === this.declined) return false;
    const told = await this.ask(cameras, { from: start - BEFORE_MS, to: dayStart(ms, zone, 1) + AFTER_MS });
    if (!told) this.declined = which;
    return told;
  }

  /** True when the span may be looked at, now or once a reason was told. */
  async span(cameras: string[], span: Span): Promise<boolean> {
    if (cameras.every((camera) => access.opens(camera, span.from, span.to))) return true;
    return !this.asked && this.ask(cameras, span);
  }

  /** Does what takes the span out, once a reason for it was told. A reason that the server does not know any more is asked anew. */
  async taking<T>(cameras: string[], span: Span, take: () => Promise<T>): Promise<T | undefined> {
    for (let first = true; ; first = false) {
      const told = cameras.every((camera) => access.taking(camera, span.from, span.to) !== undefined);
      if (!told && (this.asked || !(await this.ask(cameras, span, true)))) return undefined;
      try {
        return await take();
      } catch (problem) {
        if (!first || !(problem instanceof Problem) || problem.code !== 'reason-needed') throw problem;
        for (const camera of cameras) access.drop(camera, span.from, span.to, access.taking(camera, span.from, span.to));
      }
    }
  }

  private async ask(cameras: string[], span: Span, taken = false): Promise<boolean> {
    if (this.why && (await this.tell(cameras, span, this.why))) return true;
    if (this.asked) return false; // another question came up meanwhile
    this.asked = { cameras, span, taken };
    return new Promise((resolve) => (this.answered = resolve));
  }

  private tell(cameras: string[], span: Span, why: Why): Promise<boolean> {
    return access.tell(cameras, span, why).then(
      () => true,
      () => false,
    );
  }

  answer(told: boolean): void {
    this.asked = null;
    this.answered?.(told);
    this.answered = null;
  }
}
