import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import en from './en';
import giveEn from './en/give.json';
import handoverEn from './en/handover.json';
import publicEn from './en/public-page.json';
import formEn from './en/report-form.json';
import verifyEn from './en/verify-page.json';
import vi from './vi';
import giveVi from './vi/give.json';
import handoverVi from './vi/handover.json';
import publicVi from './vi/public-page.json';
import formVi from './vi/report-form.json';
import verifyVi from './vi/verify-page.json';

// Pages without an account have texts that the app does not load.
const english: Record<string, string> = { ...en, ...formEn, ...giveEn, ...handoverEn, ...publicEn, ...verifyEn };
const vietnamese: Record<string, string> = { ...vi, ...formVi, ...giveVi, ...handoverVi, ...publicVi, ...verifyVi };

// Texts that are rightly the same in both languages.
const SAME = new Set(['app.name', 'language.vi', 'language.en', 'speed.times', 'size.pixels', 'unit.mbit', 'unit.kbit', 'unit.m', 'unit.km', 'verify.at']);

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

test('what a certificate is called is one word, that of the phones on which it is installed', () => {
  expect(Object.keys(vietnamese).filter((key) => /chứng thư/i.test(vietnamese[key]!))).toEqual([]);
});

test('both languages fill in the same parameters', () => {
  const params = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join();
  const differing = Object.keys(vietnamese).filter((key) => params(vietnamese[key]!) !== params(english[key]!));
  expect(differing).toEqual([]);
});

test('every text that the sources name exists, and every text is named', () => {
  const root = new URL('..', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(svelte|ts|js)$/.test(name) && !/\.test\.ts$/.test(name));
  const source = files.map((name) => readFileSync(new URL(name, root), 'utf8')).join('\n');
  const named = new Set([...source.matchAll(/['"`]([a-z]+\.[a-zA-Z0-9.-]+)['"`]/g)].map((match) => match[1]!));
  // Prefixes of codes that come from the server or from a table.
  const coded = [...source.matchAll(/tCode\(\s*'([a-z.-]+)'/g)].map((match) => `${match[1]}.`);
  const templates = [...source.matchAll(/\b(?:t|say|sayCode)\(`([a-zA-Z.-]+\.)\$\{/g)].map((match) => match[1]!);
  const prefixes = [...coded, ...templates];
  const unused = Object.keys(vietnamese).filter((key) => !named.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
  expect(unused).toEqual([]);
  const calls = [...source.matchAll(/\b(?:t|say)\(\s*'([^']+\.[^']+)'/g)].map((match) => match[1]!);
  expect(calls.filter((key) => !(key in vietnamese))).toEqual([]);
});

const MARKED = /[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]/i;

test('no Vietnamese stands among the English texts', () => {
  const left = Object.keys(english).filter((key) => key !== 'language.vi' && !key.endsWith('.otherLanguage') && MARKED.test(english[key]!.replaceAll(/Vọng Lâu|đồng/g, '')));
  expect(left).toEqual([]);
});

// Vietnamese of several words that needs no mark above or below a letter.
const UNMARKED = new Set(['live.next', 'steer.title', 'wall.after', 'audit.field.owner']);

test('no English stands among the Vietnamese texts', () => {
  const words = (text: string) => text.replaceAll(/\{\w+\}/g, ' ').replaceAll(/[^a-z]+/gi, ' ').trim().split(' ').length;
  const left = Object.keys(vietnamese).filter((key) => !UNMARKED.has(key) && !SAME.has(key) && !MARKED.test(vietnamese[key]!) && words(vietnamese[key]!) > 1);
  expect(left).toEqual([]);
});

/** What a page says without asking the catalogues: words between its tags, and in attributes that are read out. */
function bareWords(page: string): string[] {
  let markup = page.replaceAll(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<kbd>[^<]*<\/kbd>/g, '');
  for (let before = ''; before !== markup; ) markup = (before = markup).replaceAll(/\{[^{}]*\}/g, '');
  const attributes = [...markup.matchAll(/\b(?:aria-label|title|placeholder|alt)="([^"]*\p{L}{2}[^"]*)"/gu)].map((match) => match[1]!);
  const between = markup.replaceAll(/<[^>]*>/g, '\n').split('\n').map((text) => text.trim());
  return [...attributes, ...between].filter((text) => /\p{L}{2}/u.test(text.replaceAll(/\w+:\/\/\S*/g, ''))); // an address is an example in any language
}

test('screens say nothing but texts of the catalogues', () => {
  expect(bareWords('<p title="Old">{t("a.b")} <b>left</b> {#if x > 1}{y}{/if}</p>')).toEqual(['Old', 'left']);
  const root = new URL('..', import.meta.url);
  const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'));
  const bare = pages.flatMap((name) => bareWords(readFileSync(new URL(name, root), 'utf8')).map((text) => `${name}: ${text}`));
  expect(bare).toEqual([]);
});
