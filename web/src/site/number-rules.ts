// Whole numbers that the site is set to, within bounds: when reports rise, what is held for them, how long a case may
// stay in a state.

import type { SiteSettings } from '../api/types';

interface Bounds {
  least: number;
  most: number;
}

/** Each with its bounds, as the server has them. */
export const reportRules = {
  report_rise_minutes: { least: 1, most: 1440 },
  report_near_m: { least: 10, most: 2000 },
  report_margin_minutes: { least: 0, most: 60 },
  held_alarm_percent: { least: 5, most: 95 },
  report_keep_days: { least: 0, most: 3650 },
  report_keep_rejected_days: { least: 0, most: 3650 },
  given_keep_days: { least: 1, most: 365 },
  privacy_answer_days: { least: 1, most: 30 },
} as const;

const HOURS: Bounds = { least: 1, most: 8760 };

export const caseRules = {
  case_hours_new: HOURS,
  case_hours_searching: HOURS,
  case_hours_preserved: HOURS,
  case_hours_exported: HOURS,
  case_hours_decided: HOURS,
  case_hours_reopened: HOURS,
} as const;

export const maskRules = { unmask_minutes: { least: 1, most: 120 } } as const;

export type Rule = keyof typeof reportRules | keyof typeof caseRules | keyof typeof maskRules;
export type Rules = Partial<Record<Rule, Bounds>>;
export type Values = Partial<Record<Rule, number | null | undefined>>;

export const ruleNames = (rules: Rules) => Object.keys(rules) as Rule[];

export const valuesOf = (rules: Rules, settings: SiteSettings): Values => Object.fromEntries(ruleNames(rules).map((name) => [name, settings[name]]));

/** The first that is out of its bounds, or undefined. */
export function ruleFault(rules: Rules, values: Values): Rule | undefined {
  return ruleNames(rules).find((name) => {
    const value = values[name];
    const { least, most } = rules[name]!;
    return typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most;
  });
}

/** What is to be sent: only what changed. */
export function changedRules(values: Values, settings: SiteSettings): Partial<SiteSettings> {
  const changed = (Object.keys(values) as Rule[]).filter((name) => values[name] !== settings[name]);
  return Object.fromEntries(changed.map((name) => [name, values[name]]));
}
