// What the site is set to of reports: when they rise, and what is held for them.

import type { SiteSettings } from '../api/types';

/** Each with its bounds, as the server has them. */
export const reportRules = {
  report_rise_minutes: { least: 1, most: 1440 },
  report_near_m: { least: 10, most: 2000 },
  report_margin_minutes: { least: 0, most: 60 },
} as const;

export type ReportRule = keyof typeof reportRules;
export type ReportRules = Record<ReportRule, number | null | undefined>;

export const ruleNames = Object.keys(reportRules) as ReportRule[];

export const rulesOf = (settings: SiteSettings): ReportRules => Object.fromEntries(ruleNames.map((name) => [name, settings[name]])) as ReportRules;

/** The first that is out of its bounds, or undefined. */
export function ruleFault(rules: ReportRules): ReportRule | undefined {
  return ruleNames.find((name) => {
    const value = rules[name];
    return typeof value !== 'number' || !Number.isInteger(value) || value < reportRules[name].least || value > reportRules[name].most;
  });
}

/** What is to be sent: only what changed. */
export function changedRules(rules: ReportRules, settings: SiteSettings): Partial<SiteSettings> {
  return Object.fromEntries(ruleNames.filter((name) => rules[name] !== settings[name]).map((name) => [name, rules[name]]));
}
