import { describe, expect, it } from 'vitest';
import { access } from '../access/access';
import type { Event, Me } from '../api/types';
import { NO_FILTER, addressOf, arrivals, byDay, filterOf, neighbour, needReason, pageUrl, pictureOf, playbackOf, pressed, reasonFor, together, updated } from './events';

const ZONE = 'Asia/Ho_Chi_Minh';
const NOW = Date.parse('2026-11-29T08:00:00Z');

function event(id: string, from: string, more: Partial<Event> = {}): Event {
  return { id, camera: 'cam', kind: 'motion', from: `2026-11-29T${from}.000Z`, to: null, detail: null, picture: false, mark: null, marked_by: null, marked: null, ...more };
}

describe('what is asked for', () => {
  it('stands in the address of the page and comes back from it', () => {
    const filter = { ...NO_FILTER, mark: 'none', kind: 'trouble', from: '2026-11-28' };
    const address = addressOf(filter);
    expect(address).toBe('/events?mark=none&kind=trouble&from=2026-11-28');
    expect(filterOf(new URLSearchParams(address.split('?')[1]))).toEqual(filter);
    expect(addressOf(NO_FILTER)).toBe('/events');
  });

  it('means whole days of the site, and all troubles by their kinds', () => {
    const url = decodeURIComponent(pageUrl({ ...NO_FILTER, kind: 'trouble', from: '2026-11-28', to: '2026-11-28' }, ZONE, 50));
    expect(url).toContain('from=2026-11-27T17:00:00.000Z');
    expect(url).toContain('to=2026-11-28T17:00:00.000Z');
    expect(url).toContain('kind=not-recorded,');
    expect(url).not.toContain('motion');
  });
});

describe('what comes while the list is open', () => {
  const list = [event('b', '07:00:00'), event('a', '06:00:00')];

  it('is told apart from what is there, and from what belongs to a later page', () => {
    const page = [event('c', '07:30:00'), event('b', '07:00:00'), event('z', '05:00:00')];
    expect(arrivals(list, page, true).map(({ id }) => id)).toEqual(['c']);
    expect(arrivals(list, page, false).map(({ id }) => id)).toEqual(['c', 'z']);
  });

  it('changes what is there without moving it', () => {
    const after = updated(list, [event('a', '06:00:00', { mark: 'real' }), event('c', '07:30:00')]);
    expect(after.map(({ id, mark }) => id + (mark ?? ''))).toEqual(['b', 'areal']);
    expect(updated(list, [event('c', '07:30:00')])).toBe(list);
  });

  it('joins the list by its time, once', () => {
    expect(together(list, [event('b', '07:00:00'), event('m', '06:30:00')]).map(({ id }) => id)).toEqual(['b', 'm', 'a']);
  });
});

describe('an event', () => {
  it('is played from a few seconds before', () => {
    expect(playbackOf(event('a', '06:00:00'))).toBe('/playback/cam?at=2026-11-29T05:59:55.000Z');
    expect(playbackOf(event('a', '06:00:00', { camera: null }))).toBe('');
  });

  it('has its own picture, or that of the footage, or none', () => {
    expect(pictureOf(event('a', '06:00:00', { picture: true }), NOW)).toContain('/events/a/picture.jpg');
    expect(pictureOf(event('a', '06:00:00'), NOW)).toContain('/cameras/cam/thumbnail.jpg?at=');
    expect(pictureOf(event('a', '07:59:58'), NOW)).toBe('');
    expect(pictureOf(event('a', '06:00:00', { kind: 'not-recorded' }), NOW)).toBe('');
    expect(pictureOf(event('a', '06:00:00', { camera: null, kind: 'storage' }), NOW)).toBe('');
  });

  it('that is old shows its picture for a reason, asked for all of the list at once', () => {
    access.enter({ id: 'lan', site: { reason_after_s: 900 } } as Me);
    const list = [event('c', '07:00:00', { camera: 'x' }), event('b', '06:00:00', { picture: true }), event('a', '05:00:00', { kind: 'not-recorded' }), event('s', '05:00:00', { camera: null })];
    const old = needReason(list);
    expect(old.map(({ id }) => id)).toEqual(['c', 'b']);
    expect(pictureOf(list[1]!, NOW)).toBe('');
    expect(reasonFor(old)).toEqual({ cameras: ['x', 'cam'], span: { from: Date.parse('2026-11-29T06:00:00Z'), to: Date.parse('2026-11-29T07:00:01Z') } });
    access.enter({ id: 'lan', site: { reason_after_s: 0 } } as Me);
    expect(needReason(list)).toEqual([]);
  });

  it('loses a mark that is pressed again', () => {
    expect(pressed(event('a', '06:00:00'), 'real')).toBe('real');
    expect(pressed(event('a', '06:00:00', { mark: 'real' }), 'real')).toBeNull();
    expect(pressed(event('a', '06:00:00', { mark: 'real' }), 'seen')).toBe('seen');
  });

  it('stands under its day of the site', () => {
    const days = byDay([event('c', '17:30:00'), event('b', '16:59:00'), event('a', '06:00:00')], ZONE);
    expect(days.map(({ day, events }) => `${day} ${events.length}`)).toEqual(['2026-11-30 1', '2026-11-29 2']);
  });

  it('has a neighbour, up to the ends of the list', () => {
    const list = [event('c', '07:00:00'), event('b', '06:00:00')];
    expect(neighbour(list, 'c', 1)?.id).toBe('b');
    expect(neighbour(list, 'b', 1)?.id).toBe('b');
    expect(neighbour(list, '', 1)?.id).toBe('c');
    expect(neighbour([], '', 1)).toBeUndefined();
  });
});
