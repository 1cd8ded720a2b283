import { describe, expect, it } from 'vitest';
import type { ShiftPlan, Turn } from '../api/types';
import { dutyOf, endsNextDay, faultOf, holesIn, nextRow, weekOf, weekStart } from './shifts';

const VN = 'Asia/Ho_Chi_Minh';
const at = (text: string) => Date.parse(text);
const turn = (from: string, to: string, ...people: string[]): Turn => ({ from, to, people });

describe('a week', () => {
  it('begins on Monday by the clocks of the site', () => {
    expect(weekStart(at('2026-12-06T23:30:00+07:00'), VN)).toBe(at('2026-11-30T00:00:00+07:00'));
    expect(weekStart(at('2026-12-06T17:30:00Z'), VN)).toBe(at('2026-12-07T00:00:00+07:00'));
    expect(weekStart(at('2026-11-30T00:00:00+07:00'), VN, 1)).toBe(at('2026-12-07T00:00:00+07:00'));
    // the clocks change on its Sunday
    expect(weekStart(at('2026-03-25T12:00:00Z'), 'Europe/Berlin', 1)).toBe(at('2026-03-30T00:00:00+02:00'));
  });

  it('has the shifts of its days, and of a date instead where one is said', () => {
    const lan = [{ from: '07:00', to: '19:00', people: ['lan'] }];
    const plan: ShiftPlan = { days: [{ day: '2026-12-01', shifts: [] }, { day: 'mon', shifts: lan }, { day: 'tue', shifts: lan }], turns: [], people: [] };
    const week = weekOf(plan, at('2026-11-30T00:00:00+07:00'), VN);
    expect(week.map(({ date }) => date.slice(8))).toEqual(['30', '01', '02', '03', '04', '05', '06']);
    expect(week[0]).toMatchObject({ weekday: 'mon', shifts: lan, special: false });
    expect(week[1]).toMatchObject({ weekday: 'tue', shifts: [], special: true });
    expect(week[2]).toMatchObject({ shifts: [], special: false });
  });
});

describe('holes', () => {
  it('are what of a day nobody is on duty', () => {
    const turns = [turn('2026-11-30T00:00:00Z', '2026-11-30T10:00:00Z', 'lan'), turn('2026-11-30T10:00:00Z', '2026-12-02T00:00:00Z')];
    expect(holesIn(turns, at('2026-11-30T00:00:00Z'), at('2026-12-01T00:00:00Z'))).toEqual([{ from: at('2026-11-30T10:00:00Z'), to: at('2026-12-01T00:00:00Z') }]);
    expect(holesIn(turns, at('2026-11-30T00:00:00Z'), at('2026-11-30T10:00:00Z'))).toEqual([]);
  });
});

describe('one’s own duty', () => {
  const turns = [turn('2026-11-30T02:00:00Z', '2026-11-30T08:00:00Z', 'lan'), turn('2026-11-30T08:00:00Z', '2026-11-30T12:00:00Z', 'hoa', 'lan'), turn('2026-11-30T12:00:00Z', '2026-12-01T00:00:00Z', 'minh'), turn('2026-12-01T00:00:00Z', '2026-12-07T00:00:00Z')];

  it('goes on while others come and go', () => {
    expect(dutyOf(turns, 'lan')).toEqual({ from: at('2026-11-30T02:00:00Z'), to: at('2026-11-30T12:00:00Z'), now: true, then: ['minh'] });
  });

  it('is the next one of who is not on duty, and may be followed by nobody', () => {
    expect(dutyOf(turns, 'minh')).toEqual({ from: at('2026-11-30T12:00:00Z'), to: at('2026-12-01T00:00:00Z'), now: false, then: [] });
  });

  it('is none of who is not in the plan, and has no end that the turns do not reach', () => {
    expect(dutyOf(turns, 'kim').from).toBeNull();
    expect(dutyOf([turn('2026-11-30T02:00:00Z', '2026-12-07T02:00:00Z', 'lan')], 'lan')).toMatchObject({ now: true, to: null });
  });
});

describe('editing a day', () => {
  it('goes on where the last shift ends', () => {
    expect(nextRow([])).toEqual({ from: '07:00', to: '19:00', people: [] });
    expect(nextRow([{ from: '07:00', to: '19:30', people: ['lan'] }])).toEqual({ from: '19:30', to: '07:30', people: [] });
  });

  it('knows what runs over midnight', () => {
    expect(endsNextDay({ from: '22:00', to: '06:00', people: [] })).toBe(true);
    expect(endsNextDay({ from: '07:00', to: '07:00', people: [] })).toBe(true);
    expect(endsNextDay({ from: '07:00', to: '19:00', people: [] })).toBe(false);
  });

  it('says what is missing before the server does', () => {
    const row = { from: '07:00', to: '19:00', people: ['lan'] };
    expect(faultOf([row])).toBe('');
    expect(faultOf([])).toBe('');
    expect(faultOf([{ ...row, people: [] }])).toBe('people');
    expect(faultOf([{ ...row, to: '' }])).toBe('times');
    expect(faultOf([row, { ...row, people: ['hoa'] }])).toBe('same');
  });
});
