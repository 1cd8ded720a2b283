// one-file.mjs — for Vite: script and style of a page stand in it, so that it can be taken away as one file. Its policy
// names both by their hashes and allows nothing else: no network, no other script, no markup made from texts.
import { createHash } from 'node:crypto';

const LIMIT = 135_000;
const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = (script, style) =>
  [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    'img-src data:',
    'media-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

/** Without the rules of classes, and the tokens, that nothing on this page names: most are of the app's screens. */
function named(style, elsewhere) {
  const hasClasses = (selector) => [...selector.matchAll(/\.([a-z][\w-]*)/gi)].every(([, name]) => elsewhere.includes(name));
  const rules = style.replaceAll(/([^{}]+)(\{[^{}]*\})/g, (_, selectors, body) => {
    const kept = selectors.split(',').filter(hasClasses);
    return kept.length > 0 ? kept.join() + body : '';
  });
  const isNamed = (token) => rules.includes(`var(${token}`) || elsewhere.includes(token);
  return rules.replaceAll(/(--[\w-]+):[^;{}]*(?:;|(?=}))/g, (whole, token) => (token.startsWith('--lightningcss') || isNamed(token) ? whole : ''));
}

export function oneFile() {
  return {
    name: 'one-file',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const parts = Object.values(bundle);
      const page = parts.find(({ fileName }) => fileName.endsWith('.html'));
      const scripts = parts.filter(({ type }) => type === 'chunk');
      const styles = parts.filter(({ fileName }) => fileName.endsWith('.css'));
      if (!page || scripts.length !== 1 || styles.length !== 1 || parts.length !== 3) throw new Error(`not one script and one style: ${Object.keys(bundle)}`);
      // Nothing in the script may look like its end, or begin a comment of the page.
      const script = scripts[0].code.replaceAll(/<(?=\/script|!--|script)/gi, '\\x3c');
      const style = named(String(styles[0].source), script + page.source);
      const head = `<meta http-equiv="Content-Security-Policy" content="${policy(script, style)}" />\n    <style>${style}</style>`;
      page.source = String(page.source)
        .replaceAll(/\s*<(?:link rel="stylesheet"|script)[^>]*(?:><\/script>|>)/g, '')
        .replace('<meta charset="utf-8" />', () => `<meta charset="utf-8" />\n    ${head}`)
        .replace('</body>', () => `  <script>${script}</script>\n  </body>`);
      for (const { fileName } of [...scripts, ...styles]) delete bundle[fileName];
      const bytes = Buffer.byteLength(page.source);
      console.log(`${page.fileName}: ${(bytes / 1000).toFixed(1)} kB`);
      if (bytes > LIMIT) throw new Error(`${page.fileName} may have ${LIMIT / 1000} kB`);
    },
  };
}
