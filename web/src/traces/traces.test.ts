import { describe, expect, it } from 'vitest';
import type { Arrival, Sighting } from '../api/types';
import { addedOf, beginAddress, beginOf, chainOf, endOf, hasSpans, isDue, isOpen, markOf, renewed, saidOf, unsaid } from './traces';

const time = (minute: number) => `2026-11-24T07:${String(minute).padStart(2, '0')}:00.000Z`;
const ms = (minute: number) => Date.parse(time(minute));

function sighting(camera: string, verdict: Sighting['verdict'], from: number, to?: number): Sighting {
  return { id: `${camera}${from}`, camera, verdict, from: time(from), to: to === undefined ? null : time(to), note: '', made_by: null, may_change: true, created: time(59) };
}

function arrival(camera: string, from: number, to: number): Arrival {
  return { camera, distance_m: 300, from: time(from), likely: time(from + 1), to: time(to), footage: 'whole', gaps: [] };
}

const marked = [sighting('bridge', 'seen', 36), sighting('school', 'not-seen', 31, 34), sighting('market', 'seen', 30), sighting('gate', 'unclear', 40, 44)];

describe('the chain', () => {
  it('is what was seen, in its order in time, whatever was said of other cameras', () => {
    expect(chainOf(marked).map(({ camera }) => camera)).toEqual(['market', 'bridge']);
  });

  it('goes on from what was seen last, and back from what was seen first', () => {
    expect(endOf(marked, 'on')).toEqual({ camera: 'bridge', at: ms(36) });
    expect(endOf(marked, 'back')).toEqual({ camera: 'market', at: ms(30) });
    expect(endOf([marked[1]!], 'on')).toBeNull();
  });
});

describe('that a span was asked about and not all of it watched', () => {
  it('is told where one was marked, not of what was seen alone', () => {
    expect(hasSpans(marked)).toBe(true);
    expect(hasSpans(chainOf(marked))).toBe(false);
  });
});

describe('the next cameras', () => {
  it('are those of which nothing was said for the time in question', () => {
    const next = [arrival('school', 32, 34), arrival('school', 32, 40), arrival('school', 30, 34), arrival('gate', 41, 42), arrival('clinic', 32, 40), arrival('bridge', 32, 40)];
    expect(unsaid(next, marked, ms(50))).toEqual([next[1], next[2], next[4]]);
    expect(saidOf(marked, next[0]!, ms(50))?.verdict).toBe('not-seen');
    expect(saidOf(marked, next[5]!, ms(50))?.verdict).toBe('seen');
  });

  it('come again when it was not seen there so far and could have passed since', () => {
    const school = arrival('school', 32, 40);
    expect(saidOf(marked, school, ms(34))?.verdict).toBe('not-seen');
    expect(saidOf(marked, school, ms(35))?.verdict).toBe('not-seen'); // marked just now
    expect(saidOf(marked, school, ms(36))).toBeUndefined();
  });

  it('are asked for again once the likely moment has come of one that had no pictures yet', () => {
    const [come, yet] = [arrival('school', 32, 40), { ...arrival('clinic', 42, 50), footage: 'not-yet' as const }];
    expect(isDue([come, yet], ms(42))).toBe(false);
    expect(isDue([come, yet], ms(43))).toBe(true);
    expect(isDue([come], ms(43))).toBe(false);
  });

  it('stay as they were opened when they are asked for again, with what is known by now', () => {
    const [school, clinic, gate] = [arrival('school', 32, 40), arrival('clinic', 32, 50), arrival('gate', 33, 51)];
    const got = [school, gate, clinic].map((one) => ({ ...one, footage: 'partly' as const }));
    expect(renewed([clinic, school], got)).toEqual([got[2], got[0]]);
    expect(renewed([clinic, school], got.slice(0, 1))).toEqual([clinic, got[0]]);
  });

  it('are opened where there are pictures, or it is not known', () => {
    const open = (footage: Arrival['footage']) => isOpen({ footage });
    expect([open('whole'), open('partly'), open('unknown'), open('none'), open('not-yet')]).toEqual([true, true, true, false, false]);
  });
});

describe('a mark', () => {
  it('that is taken back is the one that was made, not what a colleague marked meanwhile', () => {
    const [theirs, ours] = [sighting('clinic', 'seen', 31), sighting('school', 'seen', 33)];
    expect(addedOf({ sightings: [theirs, ours], added: ours.id })).toBe(ours);
    expect(addedOf({ sightings: [theirs] })).toBeUndefined();
  });

  const at = arrival('bridge', 32, 40);

  it('of what was seen is the moment on the screen', () => {
    expect(markOf(at, 'seen', ms(33), ms(50))).toEqual({ camera: 'bridge', verdict: 'seen', from: time(33) });
  });

  it('of what was not says which times were asked about, and none that is yet to come', () => {
    expect(markOf(at, 'not-seen', ms(33), ms(50))).toEqual({ camera: 'bridge', verdict: 'not-seen', from: time(32), to: time(40) });
    expect(markOf(at, 'unclear', ms(33), ms(35))).toMatchObject({ from: time(32), to: time(35) });
    expect(markOf(at, 'unclear', ms(33), ms(31))).toMatchObject({ from: time(31), to: time(31) });
  });
});

it('the page on which a trace begins names its camera and moment', () => {
  const spot = { camera: 'market', at: ms(30) };
  expect(beginOf(new URL(beginAddress(spot), 'http://x').searchParams)).toEqual(spot);
  expect(beginOf(new URLSearchParams('camera=market&at=noon'))).toBeNull();
  expect(beginOf(new URLSearchParams(`at=${time(30)}`))).toBeNull();
});
