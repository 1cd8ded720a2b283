import { mount } from 'svelte';
import App from './shell/App.svelte';
import './design/tokens.css';
import './design/base.css';

mount(App, { target: document.getElementById('app')! });

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  // Not to be had over plain HTTP or with a certificate the device does not trust: the app then
  // works as a page, and Settings says so.
  navigator.serviceWorker.register('/sw.js').catch(() => {});
}
