// push-worker.js — what the service worker does with Web Push: shows what it is told, and opens the
// app where it is to be seen. It is read into the worker by name; tools/push-worker.mjs puts the
// texts of both languages in, and shell/device-text.ts, which says what a device is.

const TEXTS = __TEXTS__;
__DEVICE_TEXT__;

/** What is shown of a message of the server, as docs/reference/push.md describes it. */
function words(message) {
  const texts = TEXTS[message.language] ?? TEXTS.vi;
  const say = (key, parts = {}) => (texts[key] ?? '').replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? '');
  const place = [...new Set([message.location, message.village].filter(Boolean))].join(', ');
  const time = message.since ? new Date(message.since).toLocaleTimeString(message.language, { hour: '2-digit', minute: '2-digit' }) : '';
  const since = time && say('push.since', { time });
  if (message.kind === 'test') return { title: say('push.test'), body: say('push.testBody', { site: message.site }), tag: 'test', url: '/settings' };
  if (message.kind === 'several') return { title: say(`push.several.${message.state}`, { n: message.count }), body: message.site ?? '', tag: 'several', url: '/events' };
  if (message.kind === 'sign-in') {
    const device = deviceText(message.device);
    return { title: say('push.signIn'), body: say('push.signInWhere', { device: device && `${device}, `, address: message.address, time }), tag: 'sign-in', url: '/settings?show=sessions' };
  }
  if (message.kind === 'report') {
    const about = say(`push.report.${message.about}`) || say('push.report.other');
    return { title: say({ rises: 'push.reportRises', unanswered: 'push.reportUnanswered' }[message.state] ?? 'push.reportNew', { about }), body: [place, since].filter(Boolean).join(' · '), tag: message.report, url: `/reports/${message.report}` };
  }
  if (message.kind === 'case') {
    const about = say(`push.report.${message.about}`) || say('push.report.other');
    return { title: say('push.caseLate', { number: message.number }), body: [about, place].filter(Boolean).join(' · '), tag: message.case, url: `/cases/${message.case}` };
  }
  if (message.kind === 'package') return { title: say('push.packageWaits', { number: message.number }), body: [message.case_number, since].filter(Boolean).join(' · '), tag: message.package, url: `/packages/${message.package}` };
  if (message.kind === 'unmask') return { title: say('push.unmaskWaits'), body: [message.name, since].filter(Boolean).join(' · '), tag: message.lifting, url: '/masks' };
  if (message.kind === 'change') return { title: say('push.changeWaits'), body: [message.name, since].filter(Boolean).join(' · '), tag: message.change, url: '/changes' };
  const kind = say(`event.kind.${message.kind}`) || say('push.unknown');
  const who = message.name || say('event.server');
  return {
    title: message.state === 'over' ? say('push.over', { who, kind }) : `${who}: ${kind}`,
    body: [place, since].filter(Boolean).join(' · '),
    tag: message.event ?? 'unknown',
    url: message.camera ? `/live/${message.camera}` : '/events',
  };
}

/** Does this page hear the server, so that it tells by itself what comes? One that does not answer does not. */
function hears(app) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const timer = setTimeout(() => resolve(false), 1000);
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data === true);
    };
    app.postMessage('hears?', [port2]);
  });
}

async function show(data) {
  let message = {};
  try {
    message = data.json();
  } catch {
    // Something came that is not ours: a notice must be shown for it all the same.
  }
  const apps = await self.clients.matchAll({ type: 'window' });
  // An app that is looked at was told already, over its socket.
  const seen = message.kind === 'test' ? [] : apps.filter((app) => app.visibilityState === 'visible');
  if ((await Promise.all(seen.map(hears))).includes(true)) return;
  const { title, body, tag, url } = words(message);
  await self.registration.showNotification(title, { body, tag, lang: message.language, icon: '/icons/icon-192.png', renotify: true, data: { url } });
}

async function open(url) {
  const apps = await self.clients.matchAll({ type: 'window' });
  const app = apps[0];
  if (!app) return self.clients.openWindow(url);
  await app.focus();
  return app.navigate(url);
}

self.addEventListener('push', (event) => event.waitUntil(show(event.data)));
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});
