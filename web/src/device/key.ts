// The key of this phone: made here, kept by the browser (IndexedDB), and never to be read by anyone,
// this app included. It only signs.

import { api } from '../api/client';
import type { Device } from '../api/types';
import { enrolText, foldCode, hexOf, proofText } from './proof';

const DATABASE = 'vonglau-device';
const STORE = 'key';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface OwnDevice {
  id: string;
  key: CryptoKey;
}

/** Browsers keep keys on pages with a certificate they trust only. */
export function canEnrol(): boolean {
  return isSecureContext && 'indexedDB' in globalThis && 'subtle' in crypto;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}

async function store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return (await done(opening)).transaction(STORE, mode).objectStore(STORE);
}

/** undefined: this browser is not enrolled. */
export async function ownDevice(): Promise<OwnDevice | undefined> {
  if (!canEnrol()) return undefined;
  try {
    return (await done((await store('readonly')).get(STORE))) as OwnDevice | undefined;
  } catch {
    return undefined; // a private window keeps nothing
  }
}

async function sign(key: CryptoKey, text: string): Promise<string> {
  return hexOf(await crypto.subtle.sign(ALGORITHM, key, new TextEncoder().encode(text)));
}

/** Makes a key and gives it in for an admin's code; throws Problem. */
export async function enrolDevice(code: string): Promise<Device> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const device = await api.post<Device>('/devices', {
    code: foldCode(code),
    key: hexOf(await crypto.subtle.exportKey('raw', keys.publicKey)),
    signature: await sign(keys.privateKey, enrolText(code)),
  });
  const own: OwnDevice = { id: device.id, key: keys.privateKey };
  await done((await store('readwrite')).put(own, STORE));
  void navigator.storage?.persist?.(); // a phone short of room is not to forget it
  return device;
}

/** A fresh challenge, signed: for a sign-in, or for the session that runs. undefined: not enrolled. */
export async function proveDevice(): Promise<{ id: string; challenge: string; signature: string } | undefined> {
  const own = await ownDevice();
  if (!own) return undefined;
  const { challenge } = await api.post<{ challenge: string }>('/session/challenge', { device: own.id });
  return { id: own.id, challenge, signature: await sign(own.key, proofText(own.id, challenge)) };
}
