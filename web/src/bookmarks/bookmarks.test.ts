import { describe, expect, it } from 'vitest';
import type { Bookmark } from '../api/types';
import { Flags, addressOf, again, flagAt, flagOf, playbackOf, wantedOf } from './bookmarks';

const moment: Bookmark = {
  id: 'a',
  camera: 'cam',
  from: '2026-11-29T06:00:00.000Z',
  to: null,
  note: 'xe đỏ',
  shared: true,
  made_by: null,
  may_change: true,
  created: '2026-11-29T07:00:00.000Z',
  changed: '2026-11-29T07:00:00.000Z',
};
const span = { ...moment, id: 'b', to: '2026-11-29T06:05:00.000Z' };
const AT = Date.parse(moment.from);

describe('a bookmark', () => {
  it('leads to its moment, a span to its stretch', () => {
    expect(decodeURIComponent(playbackOf(moment))).toBe('/playback/cam?at=2026-11-29T06:00:00.000Z');
    expect(decodeURIComponent(playbackOf(span))).toBe('/playback/cam?at=2026-11-29T06:00:00.000Z&to=2026-11-29T06:05:00.000Z');
  });

  it('is made again as it was, without what the server gives', () => {
    expect(again(span)).toEqual({ camera: 'cam', from: span.from, to: span.to, note: 'xe đỏ', shared: true });
  });

  it('is found on the timeline by its moment, within its span, on its camera', () => {
    const flags = [flagOf(moment), flagOf({ ...span, note: 'dài', from: '2026-11-29T06:00:30.000Z' })];
    expect(flagAt(flags, 'cam', AT + 800, 1_000)?.note).toBe('xe đỏ');
    expect(flagAt(flags, 'cam', AT + 200_000, 1_000)?.note).toBe('dài');
    expect(flagAt(flags, 'cam', AT - 5_000, 1_000)).toBeUndefined();
    expect(flagAt(flags, 'other', AT, 1_000)).toBeUndefined();
  });
});

it('what a list looks for stands in its address', () => {
  expect(addressOf({ words: ' xe đỏ ', own: true })).toBe('/bookmarks?q=xe+%C4%91%E1%BB%8F&who=me');
  expect(wantedOf(new URLSearchParams('q=xe+%C4%91%E1%BB%8F&who=me'))).toEqual({ words: 'xe đỏ', own: true });
  expect(addressOf({ words: ' ', own: false })).toBe('/bookmarks');
});

describe('those of a timeline', () => {
  it('are asked for a stretch wider than what is shown, once, until that is left or old or changed', async () => {
    const asked: string[] = [];
    const flags = new Flags((url) => (asked.push(url), Promise.resolve({ items: [moment], next: null })));
    expect(await flags.load(AT, AT + 1_000, 0)).toHaveLength(1);
    expect(await flags.load(AT + 500, AT + 1_500, 1)).toBeNull();
    expect(await flags.load(AT + 5_000, AT + 6_000, 2)).toHaveLength(1);
    expect(await flags.load(AT + 5_000, AT + 6_000, 60_000)).toHaveLength(1);
    flags.forget();
    expect(await flags.load(AT + 5_000, AT + 6_000, 60_001)).toHaveLength(1);
    expect(asked).toHaveLength(4);
  });

  it('are asked for again after the line failed', async () => {
    let fail = true;
    const flags = new Flags(() => (fail ? Promise.reject(new Error()) : Promise.resolve({ items: [], next: null })));
    expect(await flags.load(AT, AT + 1_000, 0)).toBeNull();
    fail = false;
    expect(await flags.load(AT, AT + 1_000, 1)).toEqual([]);
  });
});
