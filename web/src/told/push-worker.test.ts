import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
// @ts-expect-error a tool of the build, without types
import { pushWorker } from '../../tools/push-worker.mjs';

interface Shown {
  title: string;
  body: string;
  tag: string;
  lang: string;
  data: { url: string };
}

/** The worker in a scope of its own: what it shows of a message, and where a tap on it leads. */
function worker(apps: { visibilityState: string; postMessage?: (text: string, ports: MessagePort[]) => void; focus?: () => void; navigate?: (url: string) => void }[] = []) {
  const listeners: Record<string, (event: unknown) => void> = {};
  const shown: Shown[] = [];
  const opened: string[] = [];
  const self = {
    addEventListener: (name: string, listener: (event: unknown) => void) => (listeners[name] = listener),
    registration: { showNotification: async (title: string, rest: Omit<Shown, 'title'>) => void shown.push({ title, ...rest }) },
    clients: { matchAll: async () => apps, openWindow: async (url: string) => void opened.push(url) },
  };
  runInNewContext(pushWorker(), { self, Date, Set, JSON, MessageChannel, setTimeout, clearTimeout });
  const run = async (name: string, event: object) => {
    let done: Promise<unknown> = Promise.resolve();
    listeners[name]!({ ...event, waitUntil: (promise: Promise<unknown>) => (done = promise) });
    await done;
  };
  const push = (message: unknown) => run('push', { data: { json: () => JSON.parse(typeof message === 'string' ? message : JSON.stringify(message)) } });
  const tap = (url: string) => run('notificationclick', { notification: { close() {}, data: { url } } });
  return { shown, opened, push, tap };
}

const begun = { kind: 'not-recorded', state: 'begun', event: 'e1', camera: 'c1', name: 'Cổng chợ', location: 'Chợ', village: 'Bản Bua', since: '2026-11-29T02:00:00Z', language: 'vi' };

describe('what a phone shows of a message', () => {
  it('is what happened where, in the language of the account', async () => {
    const { shown, push } = worker();
    await push(begun);
    await push({ ...begun, language: 'en', state: 'over' });
    expect(shown[0]?.title).toBe('Cổng chợ: Không ghi được hình');
    expect(shown[0]?.body).toContain('Chợ, Bản Bua');
    expect(shown[1]?.title).toContain('over');
    expect(shown[1]?.tag).toBe(shown[0]?.tag); // its end takes the place of its beginning
    expect(shown[0]?.data.url).toBe('/live/c1');
  });

  it('says how many when there are several', async () => {
    const { shown, push } = worker();
    await push({ kind: 'several', state: 'begun', count: 12, language: 'vi', site: 'Mường' });
    expect(shown[0]?.title).toContain('12');
    expect(shown[0]?.data.url).toBe('/events');
  });

  it('is what a report is about and where, never what was told, and leads to it', async () => {
    const { shown, push } = worker();
    const report = { kind: 'report', state: 'new', report: 'r1', about: 'fight', location: 'Cổng chợ', village: 'Bản Bua', since: '2026-11-29T02:00:00Z', language: 'vi' };
    await push(report);
    await push({ ...report, state: 'rises', about: 'of-a-newer-server', language: 'en' });
    expect(shown[0]?.title).toBe('Tin báo mới: đánh nhau');
    expect(shown[0]?.body).toContain('Cổng chợ, Bản Bua');
    expect(shown[0]?.data.url).toBe('/reports/r1');
    expect(shown[1]?.title).toBe('Nobody has taken the report: something else');
    await push({ ...report, state: 'unanswered', language: 'en' });
    expect(shown[2]?.title).toContain('not answered');
  });

  it('is a case that is overdue or a package that waits, by its number, and leads to it', async () => {
    const { shown, push } = worker();
    await push({ kind: 'case', state: 'overdue', case: 'c1', number: 'VV-2026-0042', about: 'theft', location: 'Cổng chợ', village: 'Bản Bua', since: '2026-11-29T02:00:00Z', language: 'vi' });
    await push({ kind: 'package', state: 'asked', package: 'p1', number: 'CC-2026-0007', case_number: 'VV-2026-0042', since: '2026-11-29T02:00:00Z', language: 'en' });
    expect(shown[0]?.title).toBe('Vụ việc VV-2026-0042 đã quá hạn');
    expect(shown[0]?.body).toBe('trộm cắp · Cổng chợ, Bản Bua');
    expect(shown[0]?.data.url).toBe('/cases/c1');
    expect(shown[1]?.title).toBe('Evidence package CC-2026-0007 waits for approval');
    expect(shown[1]?.body).toContain('VV-2026-0042');
    expect(shown[1]?.data.url).toBe('/packages/p1');
    await push({ kind: 'unmask', state: 'asked', lifting: 'l1', name: 'Cổng chợ', since: '2026-11-29T02:00:00Z', language: 'vi' });
    expect(shown[2]?.title).toBe('Có người xin xem không che, chờ duyệt');
    expect(shown[2]?.body).toMatch(/^Cổng chợ/);
    expect(shown[2]?.data.url).toBe('/masks');
    await push({ kind: 'change', state: 'asked', change: 'd1', field: 'retention_days', name: null, since: '2026-11-29T02:00:00Z', language: 'vi' });
    expect(shown[3]?.title).toBe('Có thay đổi chờ người thứ hai đồng ý');
    expect(shown[3]?.data.url).toBe('/changes');
  });

  it('is where the account was signed in, and leads to where that can be ended', async () => {
    const { shown, push } = worker();
    await push({ kind: 'sign-in', device: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36', address: '10.0.0.7', since: '2026-11-29T02:00:00Z', language: 'vi' });
    expect(shown[0]?.title).toBe('Tài khoản của bạn đăng nhập trên máy mới');
    expect(shown[0]?.body).toContain('Android · Chrome, 10.0.0.7 lúc ');
    expect(shown[0]?.data.url).toBe('/settings?show=sessions');
  });

  it('calls a device what the app calls it', async () => {
    const { shown, push } = worker();
    await push({ kind: 'sign-in', device: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 coc_coc_browser/129.0 Chrome/123.0 Safari/537.36', address: '10.0.0.7', since: begun.since, language: 'vi' });
    await push({ kind: 'sign-in', device: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0 Safari/537.36 Edg/130.0', address: '10.0.0.7', since: begun.since, language: 'vi' });
    expect(shown[0]?.body).toContain('Windows · Cốc Cốc, ');
    expect(shown[1]?.body).toContain('Linux · Edge, ');
  });

  it('is something even of what is not understood, for browsers want it so', async () => {
    const { shown, push } = worker();
    await push('no JSON');
    await push({ kind: 'of tomorrow', state: 'begun' });
    expect(shown).toHaveLength(2);
    for (const { title } of shown) expect(title).not.toBe('');
  });

  it('is nothing while the app is looked at, which was told by its socket; a test is shown', async () => {
    const { shown, push } = worker([{ visibilityState: 'visible', postMessage: (_, [port]) => port!.postMessage(true) }]);
    await push(begun);
    expect(shown).toHaveLength(0);
    await push({ kind: 'test', site: 'Mường', language: 'vi' });
    expect(shown).toHaveLength(1);
  });

  it('is shown beside a page that does not hear the server, or is none of the app', async () => {
    for (const postMessage of [() => {}, (_: string, [port]: MessagePort[]) => port!.postMessage(false)]) {
      const { shown, push } = worker([{ visibilityState: 'visible', postMessage }]);
      await push(begun);
      expect(shown).toHaveLength(1);
    }
  });

  it('leads to the camera, in the app that is open or in a new one', async () => {
    const closed = worker();
    await closed.tap('/live/c1');
    expect(closed.opened).toEqual(['/live/c1']);
    const went: string[] = [];
    const open = worker([{ visibilityState: 'hidden', focus: () => {}, navigate: (url) => void went.push(url) }]);
    await open.tap('/live/c1');
    expect(went).toEqual(['/live/c1']);
    expect(open.opened).toEqual([]);
  });
});
