import { expect, test, vi } from 'vitest';
import { Problem } from '../api/client';
import { notices } from '../shell/notices.svelte';
import { ChangeNews } from './change-news.svelte';
import { changeProblem, fieldText, fromToText, standing, type Change } from './changes';
import { SecondPerson } from './second.svelte';

const NOW = Date.UTC(2026, 10, 30, 3);
const HOUR = 3_600_000;
const one = (more: Partial<Change>): Change => ({ id: 'd', camera: null, field: 'retention_days', before: '30', after: '14', state: 'waiting', by: { id: 'u', name: 'admin' }, mine: false, reason: 'Ổ đĩa sắp đầy', asked: new Date(NOW).toISOString(), lapses: new Date(NOW + 72 * HOUR).toISOString(), ...more });

test('what would change is said in the words of whoever decides', () => {
  expect(fieldText(one({}))).toBe('Số ngày lưu hình, cả xã');
  expect(fieldText(one({ camera: 'c' }))).toBe('Số ngày lưu hình');
  expect(fromToText(one({}))).toBe('30 ngày → 14 ngày');
  expect(fromToText(one({ field: 'retention_bytes', before: '0', after: String(2 ** 31) }))).toBe('không giới hạn → 2 GB');
  expect(fromToText(one({ field: 'report_keep_days', before: '0', after: '900' }))).toBe('giữ mãi → 900 ngày');
  expect(fromToText(one({ camera: 'c', field: 'ntp', before: 'own', after: '10.0.0.1' }))).toBe('theo đồng hồ của camera → 10.0.0.1');
});

test('nobody decides for three days, and it lapses without being told', () => {
  expect(standing(one({}), NOW + 71 * HOUR)).toBe('waiting');
  expect(standing(one({}), NOW + 72 * HOUR)).toBe('lapsed');
  expect(standing(one({ state: 'agreed' }), NOW + 99 * HOUR)).toBe('agreed');
});

test('somebody else decides; what was put away is told again when more comes', () => {
  const news = new ChangeNews();
  news.put(one({ id: 'own', mine: true }));
  expect(news.toDecide(NOW)).toEqual([]);
  news.put(one({ id: 'theirs', camera: 'c' }));
  expect(news.toDecide(NOW).map(({ id }) => id)).toEqual(['theirs']);
  expect(news.waiting('c', NOW).map(({ id }) => id)).toEqual(['theirs']);
  expect(news.waiting(null, NOW).map(({ id }) => id)).toEqual(['own']);
  news.dismiss();
  expect(news.toDecide(NOW)).toEqual([]);
  news.put(one({ id: 'next' }));
  expect(news.toDecide(NOW).map(({ id }) => id)).toEqual(['next']);
});

const WANTED = new Problem(409, '', '', 'second-person');

test('a reason is asked for only where the server wants one, and then it waits', async () => {
  const second = new SecondPerson();
  expect(await second.send(() => Promise.resolve({ name: 'Mường' }))).toEqual({ done: { name: 'Mường' } });
  const asked: (string | undefined)[] = [];
  const waits = { items: [one({ mine: true })], others: 0 };
  const sent = second.send(({ reason }) => {
    asked.push(reason);
    return reason ? Promise.resolve(waits) : Promise.reject(WANTED);
  });
  await vi.waitFor(() => expect(second.wanted).toBe(true));
  second.answer('Ổ đĩa sắp đầy');
  expect(await sent).toEqual({ waits });
  expect(asked).toEqual([undefined, 'Ổ đĩa sắp đầy']);
  expect(second.wanted).toBe(false);
  expect(notices.shown.some(({ text }) => text.includes('chưa có ai khác'))).toBe(true);
});

test('whoever thinks better of it has sent nothing; other troubles are told as ever', async () => {
  const second = new SecondPerson();
  const sent = second.send(() => Promise.reject(WANTED));
  await vi.waitFor(() => expect(second.wanted).toBe(true));
  second.answer(null);
  expect(await sent).toEqual({});
  await expect(second.send(() => Promise.reject(new Problem(409, '', '', 'exists')))).rejects.toThrow();
  expect(changeProblem(new Problem(409, '', '', 'overtaken'))).toContain('đã được đổi khác');
});
