import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
// @ts-expect-error a tool of the build, without types
import { pushWorkerFile } from './tools/push-worker.mjs';

// `npm run dev` serves the sources and hands /api to a running server:
// VONGLAU=http://127.0.0.1:8080 npm run dev
const server = process.env['VONGLAU'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [
    svelte(),
    pushWorkerFile(),
    VitePWA({
      strategies: 'generateSW',
      registerType: 'prompt', // a new version waits until it can be taken (installed/update)
      injectRegister: null, // main.ts does it: the page's policy forbids inline scripts
      manifest: {
        id: '/',
        name: 'Vọng Lâu',
        short_name: 'Vọng Lâu',
        description: 'Camera an ninh của xã: xem trực tiếp, xem lại, cắt đoạn phim',
        lang: 'vi',
        start_url: '/map',
        display: 'standalone',
        orientation: 'any',
        background_color: '#0d1117',
        theme_color: '#0d1117',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
        shortcuts: [
          { name: 'Trực tiếp', url: '/live' },
          { name: 'Xem lại', url: '/playback' },
          { name: 'Bản đồ', url: '/map' },
        ].map((one) => ({ ...one, icons: [{ src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' }] })),
      },
      // The app's own files and nothing else: neither answers of the API nor footage are ever kept.
      workbox: {
        importScripts: ['/push-worker.js'],
        globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
        navigateFallback: '/index.html',
        navigateFallbackDenylist: [/^\/api\//, /^\/bao-tin/, /^\/ban-giao/, /^\/gop-hinh/, /^\/cong-khai/, /^\/verify\.html/], // pages without an account are none of the app
        cleanupOutdatedCaches: true,
        sourcemap: false,
      },
    }),
  ],
  build: {
    target: ['chrome100', 'firefox110', 'safari16'],
    assetsInlineLimit: 0, // data: addresses would break the policy
    modulePreload: { polyfill: false },
    sourcemap: false,
    // hls.js and Leaflet in files of their own: they change rarely and are loaded with their screens only
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'hls', test: /node_modules\/hls\.js/ }, { name: 'leaflet', test: /node_modules\/leaflet/ }] } } },
  },
  server: { proxy: { '/api': { target: server, ws: true, secure: false, changeOrigin: true } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node', testTimeout: 20_000 },
});
