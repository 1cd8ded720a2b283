import { mount } from 'svelte';
import { install } from './installed/install.svelte';
import { watchTyping } from './installed/typed';
import { update } from './installed/update.svelte';
import App from './shell/App.svelte';
import { texts } from './texts/texts.svelte';
import './design/tokens.css';
import './design/foundation.css';
import './design/base.css';
import './design/pages.css';

// Not to be had over plain HTTP or with a certificate the device does not trust: the app then
// works as a page, and Settings says so.
const worker = 'serviceWorker' in navigator && import.meta.env.PROD;

async function start() {
  install.watch();
  watchTyping();
  if (worker && (await update.begin().catch(() => false))) return; // the page is loaded anew
  await texts.begin();
  mount(App, { target: document.getElementById('app')! });
  if (!worker) return;
  const watch = () => update.watch().catch(() => {});
  if (document.readyState === 'complete') void watch();
  else addEventListener('load', watch, { once: true }); // what is seen first is loaded first
}

void start();
