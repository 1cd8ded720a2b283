// Web Push on this device: can it be told while the app is closed, is it, and switching it on and
// off. The server's side is docs/reference/push.md.

import { api } from '../api/client';
import type { Push } from '../api/types';

/** `install`: only once the app is on the home screen (iPhone). `insecure`: no service worker, as
 * without a certificate that the device trusts. `denied`: by the browser's own settings. */
export type PushState = 'on' | 'off' | 'denied' | 'insecure' | 'install' | 'unable';

/** Of this device the server knows it by this id. */
const KEY = 'vonglau.push';

export interface Surroundings {
  worker: boolean;
  push: boolean;
  permission: string;
  iphone: boolean;
  standalone: boolean;
}

/** Why it cannot be told, or '' when it can. */
export function hindrance({ worker, push, permission, iphone, standalone }: Surroundings): PushState | '' {
  if (iphone && !standalone) return 'install';
  if (!worker) return 'insecure';
  if (!push) return 'unable';
  return permission === 'denied' ? 'denied' : '';
}

async function registration(): Promise<ServiceWorkerRegistration | undefined> {
  return 'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;
}

function surroundings(worker: ServiceWorkerRegistration | undefined): Surroundings {
  return {
    worker: worker !== undefined,
    push: 'PushManager' in window && 'Notification' in window,
    permission: 'Notification' in window ? Notification.permission : 'default',
    iphone: /iPhone|iPad/.test(navigator.userAgent),
    standalone: matchMedia('(display-mode: standalone)').matches,
  };
}

/** base64url, as the server has its key. */
export function keyBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function same(a: ArrayBuffer | null, b: Uint8Array): boolean {
  return a !== null && a.byteLength === b.byteLength && new Uint8Array(a).every((byte, i) => byte === b[i]);
}

/** Is this the device that the server knows by that id? */
export const isThisDevice = (id: string) => localStorage.getItem(KEY) === id;

export async function pushState(push: Push): Promise<PushState> {
  const worker = await registration();
  const why = hindrance(surroundings(worker));
  if (why) return why;
  const has = await worker?.pushManager.getSubscription();
  return has && push.devices.some(({ id }) => isThisDevice(id)) ? 'on' : 'off';
}

/** What the device calls itself, in few words. */
export function deviceWords(agent: string): string {
  const browser = [['Edg', 'Edge'], ['SamsungBrowser', 'Samsung'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']].find(([mark]) => agent.includes(mark!))?.[1];
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'Mac'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark!))?.[1];
  return [browser, system].filter(Boolean).join(', ');
}

async function tellServer(subscription: PushSubscription): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  const { id } = await api.post<{ id: string }>('/me/push', { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'], device: deviceWords(navigator.userAgent) });
  localStorage.setItem(KEY, id);
}

/** Asks the browser, which asks its owner. False: they said no. */
export async function switchOn(key: string): Promise<boolean> {
  const worker = await registration();
  if (!worker || (await Notification.requestPermission()) !== 'granted') return false;
  const applicationServerKey = keyBytes(key);
  let has = await worker.pushManager.getSubscription();
  if (has && !same(has.options.applicationServerKey, applicationServerKey)) {
    await has.unsubscribe(); // of a server, or a key, that is no more
    has = null;
  }
  await tellServer(has ?? (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })));
  return true;
}

/** This device is told no more, here and on the server. */
export async function switchOff(): Promise<void> {
  const id = localStorage.getItem(KEY);
  localStorage.removeItem(KEY);
  const has = await (await registration())?.pushManager.getSubscription();
  await has?.unsubscribe();
  if (id) await api.delete(`/me/push/${id}`).catch(() => {}); // gone already, or of somebody else
}

/** A server that forgot this device, as with a catalog made anew, is told again. */
export async function keepOn(): Promise<void> {
  if (!localStorage.getItem(KEY)) return;
  const push = await api.get<Push>('/me/push').catch(() => null);
  if (push && (await pushState(push)) === 'off') await switchOn(push.key).catch(() => {});
}
