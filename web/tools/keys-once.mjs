// keys-once.mjs — for Vite: of a page that carries its texts in two languages, the English ones without their keys, which
// are those of the Vietnamese ones. It saves the page a few kB.
import { readFileSync } from 'node:fs';

export function keysOnce() {
  return {
    name: 'keys-once',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!/\/texts\/en\/[\w-]+\.json$/.test(id)) return null;
      const first = id.replace('/texts/en/', '/texts/vi/');
      const [vi, en] = [first, id].map((path) => JSON.parse(readFileSync(path, 'utf8')));
      const keys = Object.keys(vi);
      if (keys.length !== Object.keys(en).length || keys.some((key) => typeof en[key] !== 'string')) throw new Error(`${id} has other keys than ${first}`);
      const values = JSON.stringify(keys.map((key) => en[key]));
      const code = `import vi from ${JSON.stringify(first)};\nconst values = ${values};\nexport default Object.fromEntries(Object.keys(vi).map((key, at) => [key, values[at]]));`;
      return { code, moduleType: 'js' };
    },
  };
}
