// push-worker.mjs — puts src/told/push-worker.js, with the texts that it says, beside the service worker.
import { readFileSync } from 'node:fs';

const source = new URL('../src/told/push-worker.js', import.meta.url);
const languages = ['vi', 'en'];
const parts = ['told', 'events'];

/** The worker's code, with the texts of both languages in it. */
export function pushWorker() {
  const texts = {};
  for (const language of languages) {
    const all = parts.map((part) => JSON.parse(readFileSync(new URL(`../src/texts/${language}/${part}.json`, import.meta.url), 'utf8')));
    const says = ([key]) => key.startsWith('event.kind.') || key === 'event.server' || /^push\.(over|since|test|testBody|several\.\w+|signIn|signInWhere|reportNew|reportRises|report\.[\w-]+|unknown)$/.test(key);
    texts[language] = Object.fromEntries(Object.entries(Object.assign({}, ...all)).filter(says));
  }
  return readFileSync(source, 'utf8').replace('__TEXTS__', () => JSON.stringify(texts));
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
