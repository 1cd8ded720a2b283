// keys-once.mjs — for Vite: of a page that carries its texts in two languages, their keys stand in it once, and what all of
// them begin with once too. It saves the page some kB.
import { readFileSync } from 'node:fs';

export function keysOnce() {
  return {
    name: 'keys-once',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const [, language] = /\/texts\/(vi|en)\/[\w-]+\.json$/.exec(id) ?? [];
      if (!language) return null;
      const first = id.replace('/texts/en/', '/texts/vi/');
      const [vi, own] = [first, id].map((path) => JSON.parse(readFileSync(path, 'utf8')));
      const keys = Object.keys(vi);
      if (keys.length !== Object.keys(own).length || keys.some((key) => typeof own[key] !== 'string')) throw new Error(`${id} has other keys than ${first}`);
      const texts = JSON.stringify(keys.map((key) => own[key]));
      const [area] = /^\w+\./.exec(keys[0]);
      const here = keys.every((key) => key.startsWith(area)) ? area : '';
      const named = `${JSON.stringify(keys.map((key) => key.slice(here.length)).join(' '))}.split(' ').map((key) => ${JSON.stringify(here)} + key)`;
      const from = language === 'vi' ? `const keys = ${named};` : `import vi from ${JSON.stringify(first)};\nconst keys = Object.keys(vi);`;
      return { code: `${from}\nconst texts = ${texts};\nexport default Object.fromEntries(keys.map((key, at) => [key, texts[at]]));`, moduleType: 'js' };
    },
  };
}
