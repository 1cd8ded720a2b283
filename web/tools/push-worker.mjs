// push-worker.mjs — puts src/told/push-worker.js, with the texts that it says, beside the service worker.
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');
const languages = ['vi', 'en'];
const parts = ['told', 'events'];

/** The app's function as the worker, which is no module, can have it. */
function deviceText() {
  const { outputText } = ts.transpileModule(read('../src/shell/device-text.ts'), { compilerOptions: { target: 'ES2022', module: 'ESNext' } });
  return outputText.replace('export function', 'function');
}

/** The worker's code, with the texts of both languages in it. */
export function pushWorker() {
  const texts = {};
  for (const language of languages) {
    const all = parts.map((part) => JSON.parse(read(`../src/texts/${language}/${part}.json`)));
    const says = ([key]) => key.startsWith('event.kind.') || key === 'event.server' || /^push\.(over|since|test|testBody|several\.\w+|signIn|signInWhere|reportNew|reportRises|reportUnanswered|caseLate|packageWaits|unmaskWaits|changeWaits|report\.[\w-]+|unknown)$/.test(key);
    texts[language] = Object.fromEntries(Object.entries(Object.assign({}, ...all)).filter(says));
  }
  return read('../src/told/push-worker.js')
    .replace('__TEXTS__', () => JSON.stringify(texts))
    .replace('__DEVICE_TEXT__;', () => deviceText());
}

/** For Vite: the worker as a file of the app. */
export function pushWorkerFile() {
  return {
    name: 'push-worker',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'push-worker.js', source: pushWorker() });
    },
  };
}
