import { defineConfig, type Plugin } from 'vite';

// Pages without an account, apart from the app: /bao-tin on which residents report, /ban-giao where evidence is handed over, /gop-hinh where
// households answer, /cong-khai which
// tells everyone about the cameras (`--mode` names the page). One classic script each that phones of 2018 understand, built into the app's dist/ after it.
// The service worker knows nothing of them.

/** Browsers that know no modules run it too. */
const classicScript: Plugin = {
  name: 'classic-script',
  transformIndexHtml: { order: 'post', handler: (html) => html.replaceAll(/<script type="module" crossorigin/g, '<script defer').replaceAll(' crossorigin', '') },
};

export default defineConfig(({ mode: page }) => ({
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
    rolldownOptions: { input: `${page}.html`, output: { format: 'iife', entryFileNames: `assets/${page}-[hash].js`, assetFileNames: `assets/${page}-[hash][extname]` } },
  },
}));
