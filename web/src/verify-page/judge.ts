// The verdict of each second of each camera. The worst word that fits is said.

import { overlapsOf, type Facts, type Gap } from './facts';
import type { Fault } from './faults';

/** From well to ill. */
export const VERDICTS = ['authentic-from-server', 'clock-doubtful', 'gap', 'unsigned', 'altered'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Span {
  /** microseconds, whole seconds */
  from: number;
  to: number;
  verdict: Verdict;
}

export interface CameraVerdict {
  camera: string;
  spans: Span[];
  /** pictures for all of what was asked for, and no fault */
  complete: boolean;
}

const SECOND_US = 1_000_000;
/** A node whose clock was further from NTP is not to be believed to the second. */
const CLOCK_WELL_US = SECOND_US;

class Seconds {
  readonly level: Uint8Array;

  constructor(
    readonly begin: number,
    end: number,
  ) {
    this.level = new Uint8Array(Math.ceil((end - begin) / SECOND_US));
  }

  /** Every second that one of them touches is at least as bad. However much they overlap, each second is looked at once or twice. */
  mark(spans: { from: number; to: number }[], verdict: Verdict): void {
    const level = VERDICTS.indexOf(verdict);
    let at = this.begin;
    for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
      const begin = Math.max(from, at);
      if (to <= begin) continue;
      const behind = Math.min(Math.ceil((to - this.begin) / SECOND_US), this.level.length);
      for (let i = Math.floor((begin - this.begin) / SECOND_US); i < behind; i++) if (this.level[i]! < level) this.level[i] = level;
      at = to;
    }
  }

  spans(): Span[] {
    const spans: Span[] = [];
    for (let i = 0, end = 0; i < this.level.length; i = end) {
      while (end < this.level.length && this.level[end] === this.level[i]) end++;
      spans.push({ from: this.begin + i * SECOND_US, to: this.begin + end * SECOND_US, verdict: VERDICTS[this.level[i]!]! });
    }
    return spans;
  }
}

export function judge(facts: Facts, gaps: Gap[], faults: Fault[], signed: boolean): CameraVerdict[] {
  const begin = Math.floor(facts.from / SECOND_US) * SECOND_US;
  const twice = overlapsOf(facts);
  return facts.cameras.map((camera, index) => {
    const seconds = new Seconds(begin, facts.to);
    const own = gaps.filter((gap) => gap.camera === index);
    const wrong = faults.filter((fault) => fault.camera === camera);
    const footage = facts.media.filter((media) => media.camera === index);
    const steps = own.filter(({ cause }) => cause === 'clock-step');
    if (!signed) seconds.mark(footage, 'unsigned');
    else seconds.mark(footage.filter(({ ntp }) => Math.abs(ntp) >= CLOCK_WELL_US), 'clock-doubtful');
    seconds.mark(own, 'gap');
    const doubtful = [...steps, ...twice.filter((one) => one.camera === index)];
    seconds.mark(doubtful.map(({ from, to }) => ({ from: from - SECOND_US, to: to + SECOND_US })), 'clock-doubtful');
    seconds.mark(wrong.filter(({ from, to }) => from !== 0 || to !== 0).map(({ from, to }) => ({ from, to: Math.max(to, from + 1) })), 'altered');
    return { camera, spans: seconds.spans(), complete: own.length === 0 && wrong.length === 0 };
  });
}
