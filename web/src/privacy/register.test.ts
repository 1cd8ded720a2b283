import { expect, test } from 'vitest';
import '../texts/for-tests';
import { keptText, rightsText, type Kept } from './register';

const footage: Kept = { kind: 'footage', count: 3, keep_days: 30, keep_days_least: 30, keep_days_most: 30, rights: [{ right: 'live', roles: ['admin', 'officer'] }] };

test('cameras that keep footage for another time are told beside the rule of the site', () => {
  expect(keptText(footage)).toHaveLength(2);
  expect(keptText({ ...footage, keep_days_most: 60 }).join(' ')).toContain('60');
});

test('what is kept for ever says so', () => {
  const [answered, rejected] = keptText({ kind: 'reports', count: 1, keep_days: 0, keep_rejected_days: 180, rights: [] });
  expect(answered).not.toContain('0 ');
  expect(rejected).toContain('180');
});

test('each right names the roles that have it', () => {
  expect(rightsText(footage)[0]).toMatch(/.+: .+, .+/);
});

test('what households gave is kept for the days that the site says', () => {
  expect(keptText({ kind: 'household-files', count: 2, keep_days: 45, rights: [] }).join(' ')).toContain('45');
});
