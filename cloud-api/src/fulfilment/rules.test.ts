import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptWindow, pickupCodeFrom, pickupTransitions } from './rules.ts';

describe('a pick-up code', () => {
  it('always has eight digits', () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (r) => /^\d{8}$/.test(pickupCodeFrom(r))));
    expect(pickupCodeFrom(new Uint8Array(8))).toBe('00000000');
  });

  it('is used once or becomes void, and then stays so', () => {
    expect(pickupTransitions).toEqual({ active: ['used', 'void'], used: [], void: [] });
  });

  it('is counted per minute when guessed', () => {
    expect([0, 59_999, 60_000].map(attemptWindow)).toEqual([0, 0, 60_000]);
  });
});
