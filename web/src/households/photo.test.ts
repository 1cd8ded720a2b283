import { expect, test, vi } from 'vitest';
import { Photo } from './photo.svelte';

const phone = vi.hoisted(() => ({ ready: [] as ((picture: Blob | null) => void)[] }));
vi.mock('../report-form/pictures', () => ({ prepared: () => new Promise((resolve) => phone.ready.push(resolve)) }));

const file = (name: string) => new File(['x'], name, { type: 'image/jpeg' });

test('a photo is being prepared until it is there, and the last one chosen counts', async () => {
  const photo = new Photo();
  const first = photo.choose(file('a.jpg'));
  const second = photo.choose(file('b.jpg'));
  const [small, other] = [new Blob(['1']), new Blob(['2'])];
  phone.ready[0]!(small);
  expect(await first).toBe(true);
  expect([photo.preparing, photo.ready]).toEqual([true, null]);
  phone.ready[1]!(other);
  expect(await second).toBe(true);
  expect([photo.preparing, photo.ready]).toEqual([false, other]);
});

test('what cannot be read is told, and leaves none', async () => {
  phone.ready = [];
  const photo = new Photo();
  const chosen = photo.choose(file('a.txt'));
  phone.ready[0]!(null);
  expect(await chosen).toBe(false);
  expect([photo.preparing, photo.ready]).toEqual([false, null]);
});
