import { halfHourMs, instant, minutes, after } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { booking } from './contract.ts';
import { bookingStatesBefore, bookingTransitions, unbookable } from './rules.ts';

const at = instant(Date.parse('2026-11-22T10:30:00Z'));

describe('a booking', () => {
  it('can only take the steps of the table, for every pair of states', () => {
    const states = booking.shape.status.options;
    const allowed = states.flatMap((from) =>
      states.filter((to) => bookingStatesBefore(to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual(['held → paid', 'held → expired', 'held → cancelled', 'paid → ended', 'paid → refunded']);
    expect(Object.keys(bookingTransitions).sort()).toEqual([...states].sort());
  });
});

describe('a half-hour on sale', () => {
  const slot = { at, freeTouches: 60 };

  it('offers what nobody needs, until it is over', () => {
    expect(unbookable(slot, instant(at - 1))).toBeNull();
    expect(unbookable(slot, after(at, minutes(20)))).toBeNull();
    expect(unbookable(slot, after(at, halfHourMs))).toBe('past');
  });

  it('says sold out, and does not sell what is months away', () => {
    expect(unbookable({ ...slot, freeTouches: 0 }, at)).toBe('sold-out');
    expect(unbookable(slot, instant(at - 61 * 86_400_000))).toBe('too-far');
  });
});
