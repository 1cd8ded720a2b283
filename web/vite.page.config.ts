import { defineConfig, type Plugin } from 'vite';

// The page on which residents report, /bao-tin: apart from the app, one classic script that phones of 2018
// understand, built into the app's dist/ after it. The service worker knows nothing of it.

/** Browsers that know no modules run it too. */
const classicScript: Plugin = {
  name: 'classic-script',
  transformIndexHtml: { order: 'post', handler: (html) => html.replaceAll(/<script type="module" crossorigin/g, '<script defer').replaceAll(' crossorigin', '') },
};

export default defineConfig({
  plugins: [classicScript],
  publicDir: false,
  build: {
    target: 'es2017',
    cssTarget: 'chrome61',
    cssCodeSplit: false, // else the script puts the style into the page, which the policy forbids
    emptyOutDir: false,
    assetsInlineLimit: 0, // data: addresses would break the policy
    modulePreload: false,
    sourcemap: false,
    rolldownOptions: { input: 'bao-tin.html', output: { format: 'iife', entryFileNames: 'assets/bao-tin-[hash].js', assetFileNames: 'assets/bao-tin-[hash][extname]' } },
  },
});
