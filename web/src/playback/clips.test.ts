import { expect, test } from 'vitest';
import { Problem } from '../api/client';
import '../texts/for-tests';
import { texts } from '../texts/texts.svelte';
import { clipsOf, folderSink, noteText, saveClips, type ClipsProgress, type Sink } from './clips';

texts.language = 'en';
const from = Date.parse('2026-11-24T14:04:09Z');
const span = { from, to: from + 60_000, zone: 'Asia/Ho_Chi_Minh' };
const cameras = [
  { id: 'a', name: 'Cổng chợ', gaps: [] },
  { id: 'b', name: 'Cong cho', gaps: [{ from: from + 10_000, to: from + 14_000, cause: 'paused' }] },
  { id: 'c', name: 'Bờ hồ', gaps: [] },
];
const fresh = () => clipsOf(cameras, span.from, span.to, span.zone);

function memory(fails: (name: string) => Error | undefined = () => undefined) {
  const films: string[] = [];
  const notes: string[] = [];
  const sink: Sink = {
    async film(name, url, { progress }) {
      const error = fails(url);
      if (error) throw error;
      progress({ bytes: 5, total: 10 });
      films.push(name);
      return 'saved';
    },
    async note(_name, text) {
      notes.push(text);
    },
  };
  return { films, notes, sink };
}

test('cameras of one name do not write over each other', () => {
  expect(new Set(fresh().map(({ file }) => file)).size).toBe(3);
});

test('films come in order, with one note at the end', async () => {
  const { films, notes, sink } = memory();
  const seen: ClipsProgress[] = [];
  const clips = fresh();
  await saveClips(clips, span, sink, new AbortController().signal, (now) => seen.push(now));
  expect(films).toEqual(clips.map(({ file }) => file));
  expect(seen.map(({ at }) => at)).toEqual([1, 1, 2, 2, 3, 3]);
  expect(notes).toHaveLength(1);
});

test('after a break it goes on with the one that broke', async () => {
  let broken = true;
  const { films, notes, sink } = memory((url) => (broken && url.includes('/b/') ? new Problem(0, '', '') : undefined));
  const clips = fresh();
  await expect(saveClips(clips, span, sink, new AbortController().signal, () => {})).rejects.toThrow();
  expect(notes).toHaveLength(0);
  broken = false;
  await saveClips(clips, span, sink, new AbortController().signal, () => {});
  expect(films).toEqual(clips.map(({ file }) => file));
});

test('a camera without footage there is told, and stops nobody', async () => {
  const { films, notes, sink } = memory((url) => (url.includes('/a/') ? new Problem(404, '', '') : undefined));
  const clips = fresh();
  await saveClips(clips, span, sink, new AbortController().signal, () => {});
  expect(films).toHaveLength(2);
  expect(notes[0]).toContain('Cổng chợ: no footage');
});

test('the note tells times, films, and what is missing with its cause', () => {
  const text = noteText(fresh(), span);
  expect(text).toContain('21:04:09');
  expect(text).toContain('2026-11-24T14:04:09.000Z');
  expect(text).toMatch(/21:04:19.*21:04:23.*4 s/);
});

test('a film that breaks off leaves nothing in the folder', async () => {
  const done: string[] = [];
  const folder = {
    getFileHandle: async (name: string) => ({
      createWritable: async () => ({
        write: async () => {
          throw new Error('full');
        },
        close: async () => void done.push(`closed ${name}`),
        abort: async () => void done.push(`aborted ${name}`),
      }),
    }),
  };
  await expect(folderSink(folder).note('n.txt', 'x')).rejects.toThrow('full');
  expect(done).toEqual(['aborted n.txt']);
});
