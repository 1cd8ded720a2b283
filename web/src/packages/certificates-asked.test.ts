import { expect, test } from 'vitest';
import type { Package } from '../api/types';
import { CertificatesAsked } from './certificates-asked.svelte';

const paper = (id: string) => ({ id }) as Package;

/** Questions that are answered when the test says so. */
function asking() {
  const open: { number: string; answer: (ids: string[]) => Promise<void>; fail: () => Promise<void> }[] = [];
  const asked = new CertificatesAsked(
    (number) =>
      new Promise((resolve, reject) => {
        const then = async (act: () => void) => {
          act();
          await new Promise((go) => setTimeout(go));
        };
        open.push({ number, answer: (ids) => then(() => resolve(ids.map(paper))), fail: () => then(() => reject(new TypeError('off line'))) });
      }),
  );
  const ask = (number: string) => {
    void asked.ask(number);
    return open.at(-1)!;
  };
  return { asked, ask };
}

test('until the list of the very case that is sent is known, nothing is said: all of it go along', async () => {
  const { asked, ask } = asking();
  await ask('').answer([]);
  expect(asked.chosen('')).toBeNull();
  expect(asked.chosen('VV-2026-0042')).toBeNull();
  const question = ask(' VV-2026-0042 ');
  expect([question.number, asked.chosen('VV-2026-0042')]).toEqual(['VV-2026-0042', null]);
  await question.answer(['a', 'b']);
  expect(asked.chosen('VV-2026-0042 ')).toEqual(['a', 'b']);
  expect(asked.chosen('VV-2026-0043')).toBeNull();
  expect(asked.of('VV-2026-0043')).toEqual([]);
  await ask('VV-2026-0044').answer([]); // made since, perhaps: not left out by a list that was empty
  expect(asked.chosen('VV-2026-0044')).toBeNull();
});

test('an old answer, or an old failure, leaves what is known of the case that is typed now', async () => {
  const { asked, ask } = asking();
  const [slow, slower] = [ask('VV-2026-0001'), ask('VV-2026-0002')];
  await ask('VV-2026-0042').answer(['a', 'b']);
  asked.toggle('a');
  await slow.answer(['x']);
  await slower.fail();
  expect(asked.chosen('VV-2026-0042')).toEqual(['b']);
  expect(asked.trouble('VV-2026-0042')).toBe('');
  expect(asked.trouble('VV-2026-0002')).toBe('');
});

test('what was unticked stays so when the list is asked for anew, and when that fails', async () => {
  const { asked, ask } = asking();
  await ask('VV-2026-0042').answer(['a', 'b']);
  asked.toggle('a');
  await ask('VV-2026-0042').fail();
  expect(asked.trouble('VV-2026-0042')).not.toBe('');
  expect(asked.chosen('VV-2026-0042')).toEqual(['b']);
  await ask('VV-2026-0042').answer(['a', 'c']);
  expect(asked.trouble('VV-2026-0042')).toBe('');
  expect(asked.chosen('VV-2026-0042')).toEqual(['c']);
  asked.toggle('c');
  expect(asked.chosen('VV-2026-0042')).toEqual([]);
  asked.toggle('a');
  expect(asked.chosen('VV-2026-0042')).toEqual(['a']);
});
