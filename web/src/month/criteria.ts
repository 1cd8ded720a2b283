// The commune's own criteria of a month: how their figures read.

import type { Criterion, JudgedCriterion } from '../api/types';
import { localeOf, tCode, textIn, type Language } from '../texts/texts.svelte';

export type Unit = 'count' | 'percent' | 'hours';
const OF_KIND = 'reports-';

/** "reports-fight" is the reports of a kind, but "reports-answered" is a figure of its own. */
export function figureText(figure: string, language: Language): string {
  const kind = figure.startsWith(OF_KIND) ? tCode('report.kind', figure.slice(OF_KIND.length), '') : '';
  return kind ? textIn(language, 'criteria.ofKind', { kind }) : tCode('criteria.figure', figure, figure);
}

export function amountText(value: number, unit: Unit, language: Language): string {
  const n = value.toLocaleString(localeOf(language), { maximumFractionDigits: 1 });
  return unit === 'count' ? n : unit === 'percent' ? `${n} %` : textIn(language, 'criteria.hours', { n });
}

/** "at most 24 hours"; nothing for one that is judged by hand. */
export function boundText({ compare, threshold }: Pick<Criterion, 'compare' | 'threshold'>, unit: Unit, language: Language): string {
  if (!compare || threshold === null) return '';
  return textIn(language, compare === 'most' ? 'criteria.most' : 'criteria.least', { n: amountText(threshold, unit, language) });
}

/** met · missed · unjudged (by hand, and nobody did) · untold (its figure has nothing to go by) */
export type Verdict = 'met' | 'missed' | 'unjudged' | 'untold';
export const verdictOf = ({ met, figure }: Pick<JudgedCriterion, 'met' | 'figure'>): Verdict => (met === null ? (figure ? 'untold' : 'unjudged') : met ? 'met' : 'missed');

/** How many of those that can be told are met. */
export function sum(criteria: readonly Pick<JudgedCriterion, 'met'>[]): { met: number; told: number } {
  const told = criteria.filter(({ met }) => met !== null);
  return { met: told.filter(({ met }) => met).length, told: told.length };
}
