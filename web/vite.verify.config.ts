import { defineConfig } from 'vite';
// @ts-expect-error a tool of the build, without types
import { keysOnce } from './tools/keys-once.mjs';
// @ts-expect-error a tool of the build, without types
import { oneFile } from './tools/one-file.mjs';

// The page that checks evidence packages, /verify.html: one file that goes into each package and works from a disk,
// built into the app's dist/ after it. The service worker knows nothing of it.
export default defineConfig({
  plugins: [keysOnce(), oneFile()],
  publicDir: false,
  build: {
    target: ['chrome100', 'firefox110', 'safari16'],
    cssCodeSplit: false,
    emptyOutDir: false,
    modulePreload: false,
    sourcemap: false,
    rolldownOptions: { input: 'verify.html', output: { format: 'iife' } },
  },
});
