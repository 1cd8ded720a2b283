import { expect, test } from 'vitest';
import type { SiteSettings } from '../api/types';
import { caseRules, changedRules, reportRules, ruleFault, valuesOf } from './number-rules';

const settings: SiteSettings = { name: 'Mường', time_zone: 'Asia/Ho_Chi_Minh', language: 'vi', retention_days: 30, retention_bytes: 0, report_rise_minutes: 15, report_near_m: 100, report_margin_minutes: 10, held_alarm_percent: 50, report_keep_days: 730, report_keep_rejected_days: 180, given_keep_days: 30, privacy_answer_days: 2, reasons: 'case-or-routine', case_hours_new: 1, case_hours_searching: 24, case_hours_preserved: 72, case_hours_exported: 168, case_hours_decided: 72, case_hours_reopened: 24, package_approval: 'before', package_bases: 'Điều 59', unmask_minutes: 15, public_locations: 'names', public_contact: '', privacy_purpose: '', privacy_basis: '', locked: [] };

test('a rule of reports out of its bounds is named, and an empty field too', () => {
  const values = valuesOf(reportRules, settings);
  expect(ruleFault(reportRules, values)).toBeUndefined();
  expect(ruleFault(reportRules, { ...values, report_rise_minutes: 0 })).toBe('report_rise_minutes');
  expect(ruleFault(reportRules, { ...values, report_near_m: 2001 })).toBe('report_near_m');
  expect(ruleFault(reportRules, { ...values, report_margin_minutes: null })).toBe('report_margin_minutes');
  expect(ruleFault(reportRules, { ...values, report_margin_minutes: 1.5 })).toBe('report_margin_minutes');
});

test('only what changed is sent', () => {
  expect(changedRules(valuesOf(reportRules, settings), settings)).toEqual({});
  expect(changedRules({ ...valuesOf(reportRules, settings), report_near_m: 250 }, settings)).toEqual({ report_near_m: 250 });
});

test('the hours of cases have their own card, which sends nothing of reports', () => {
  const values = valuesOf(caseRules, settings);
  expect(Object.keys(values).every((name) => name.startsWith('case_hours_'))).toBe(true);
  expect(ruleFault(caseRules, { ...values, case_hours_new: 8761 })).toBe('case_hours_new');
  expect(changedRules({ ...values, case_hours_new: 2 }, settings)).toEqual({ case_hours_new: 2 });
});
