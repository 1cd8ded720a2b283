import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from '../texts/en';
import vi from '../texts/vi';

/** Where the server's code writes what was done: call_audit(call, "clip", …), .action = "sign-in", and both ways of a choice. */
const TOLD = /(?:call_audit\w*\(\s*\w+,|\.action =|call_look\(\s*\w+,)\s*(?:[^;",]*\?\s*)?"([a-z-]+)"(?:\s*:\s*"([a-z-]+)")?/g;

test('every action that the server tells of has its words in both languages', () => {
  const code = globSync('../src/**/*.c').map((file) => readFileSync(file, 'utf8'));
  const actions = new Set(code.flatMap((text) => [...text.matchAll(TOLD)].flatMap(([, one, other]) => [one, other].filter((word) => word !== undefined))));
  expect(actions.size).toBeGreaterThan(50);
  for (const words of [vi, en] as Record<string, string>[]) expect([...actions].filter((action) => !(`audit.do.${action}` in words))).toEqual([]);
});
