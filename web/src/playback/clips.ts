// The same stretch of several cameras: one film each, one after another, and a note of what they hold.

import { Problem } from '../api/client';
import { durationText } from '../shell/amounts';
import { t, tCode, texts } from '../texts/texts.svelte';
import { clockText, dayText, fileStamp } from '../time/zone';
import { clipName, clipUrl, offer, saveClip } from './clip';
import type { Gap } from './coverage';
import { pull, type PullOptions } from './pull';

export interface ClipOf {
  id: string;
  name: string;
  gaps: Gap[];
  /** what became of it */
  state: 'waiting' | 'saved' | 'handed' | 'empty';
  file: string;
}

export interface ClipsProgress {
  /** of the camera that is being saved, from 1 */
  at: number;
  bytes: number;
  total: number;
}

/** Where films go: a folder that was chosen, else the browser's downloads. */
export interface Sink {
  film(name: string, url: string, options: PullOptions): Promise<'saved' | 'handed'>;
  note(name: string, text: string): Promise<void>;
}

export const downloads: Sink = {
  film: (name, url, { signal, progress }) => saveClip(url, name, signal, progress),
  async note(name, text) {
    offer([text], 'text/plain', name);
  },
};

interface Writable {
  write(data: Uint8Array<ArrayBuffer> | string): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}
export interface Folder {
  getFileHandle(name: string, options: { create: true }): Promise<{ createWritable(): Promise<Writable> }>;
}

/** A folder of this machine, or a stick: films of any size, never whole in memory. What is cut off leaves nothing. */
export function folderSink(folder: Folder): Sink {
  async function put(name: string, write: (file: Writable) => Promise<void>) {
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
    try {
      await write(file);
    } catch (error) {
      await file.abort().catch(() => {});
      throw error;
    }
    await file.close();
  }
  return {
    async film(name, url, options) {
      await put(name, (file) => pull(url, (piece) => file.write(piece), options));
      return 'saved';
    },
    note: (name, text) => put(name, (file) => file.write(text)),
  };
}

/** One film each, in order; those that are saved already are passed over, so that it can go on after a break. */
export async function saveClips(clips: ClipOf[], span: { from: number; to: number; zone: string }, sink: Sink, signal: AbortSignal, progress: (now: ClipsProgress) => void): Promise<void> {
  for (const [i, clip] of clips.entries()) {
    if (clip.state !== 'waiting') continue;
    progress({ at: i + 1, bytes: 0, total: 0 });
    try {
      clip.state = await sink.film(clip.file, clipUrl(clip.id, span.from, span.to, clip.file), { signal, progress: (now) => progress({ at: i + 1, ...now }) });
    } catch (error) {
      if (!(error instanceof Problem && error.status === 404)) throw error;
      clip.state = 'empty';
    }
  }
  await sink.note(`clip-${fileStamp(span.from, span.zone)}.txt`, noteText(clips, span));
}

/** Names that differ, whatever the cameras are called. */
export function clipsOf(cameras: { id: string; name: string; gaps: Gap[] }[], from: number, to: number, zone: string): ClipOf[] {
  const taken = new Set<string>();
  return cameras.map(({ id, name, gaps }) => {
    let file = clipName(name, from, to, zone);
    for (let n = 2; taken.has(file); n++) file = clipName(`${name} ${n}`, from, to, zone);
    taken.add(file);
    return { id, name, gaps, state: 'waiting', file };
  });
}

/** What the films hold, for whoever gets them. */
export function noteText(clips: ClipOf[], { from, to, zone }: { from: number; to: number; zone: string }): string {
  const moment = (ms: number) => `${clockText(ms, zone)} ${dayText(ms, zone, texts.language)}`;
  const lines = clips.flatMap(({ name, file, state, gaps }) => [
    '',
    state === 'empty' ? `${name}: ${t('clips.empty')}` : `${name}: ${file}`,
    ...(state === 'empty' ? [] : gaps.map((gap) => `  ${t('clips.missing', { from: moment(gap.from), to: moment(gap.to), length: durationText(gap.to - gap.from), cause: tCode('gap', gap.cause, gap.cause) })}`)),
  ]);
  return [`${moment(from)} – ${moment(to)} (${zone})`, `${new Date(from).toISOString()} – ${new Date(to).toISOString()}`, ...lines, ''].join('\r\n');
}
