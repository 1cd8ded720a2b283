import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './en';
import vi from './vi';

const english: Record<string, string> = en;
const vietnamese: Record<string, string> = vi;

// Texts that are rightly the same in both languages.
const SAME = new Set(['app.name', 'language.vi', 'language.en', 'speed.times', 'size.pixels', 'unit.mbit', 'unit.kbit', 'unit.m', 'unit.km']);

test('both catalogues have the same keys', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(vietnamese).sort());
});

test('no text is left untranslated', () => {
  const same = Object.keys(vietnamese).filter((key) => vietnamese[key] === english[key] && !SAME.has(key));
  expect(same).toEqual([]);
});

test('no text is empty', () => {
  const empty = Object.keys(vietnamese).filter((key) => !vietnamese[key]?.trim() || !english[key]?.trim());
  expect(empty).toEqual([]);
});

test('both languages fill in the same parameters', () => {
  const params = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join();
  const differing = Object.keys(vietnamese).filter((key) => params(vietnamese[key]!) !== params(english[key]!));
  expect(differing).toEqual([]);
});

test('every text that the sources name exists, and every text is named', () => {
  const root = new URL('..', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|ts)$/.test(name) && !/\.test\.ts$/.test(name));
  const source = files.map((name) => readFileSync(new URL(name, root), 'utf8')).join('\n');
  const named = new Set([...source.matchAll(/['"`]([a-z]+\.[a-zA-Z0-9.-]+)['"`]/g)].map((match) => match[1]!));
  // Prefixes of codes that come from the server or from a table.
  const coded = [...source.matchAll(/tCode\(\s*'([a-z.-]+)'/g)].map((match) => `${match[1]}.`);
  const templates = [...source.matchAll(/\bt\(`([a-zA-Z.-]+\.)\$\{/g)].map((match) => match[1]!);
  const prefixes = [...coded, ...templates];
  const unused = Object.keys(vietnamese).filter((key) => !named.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
  expect(unused).toEqual([]);
  const calls = [...source.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1]!);
  expect(calls.filter((key) => !(key in vietnamese))).toEqual([]);
});
