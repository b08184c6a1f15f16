import { describe, expect, it } from 'vitest';
import { Passback } from './passback.ts';

describe('coming in twice', () => {
  it('is noticed unless somebody has gone out in between', () => {
    const passback = new Passback();
    expect(passback.passed('gate', 'cred_a', 'entry')).toBe(false);
    expect(passback.passed('gate', 'cred_a', 'entry')).toBe(true);
    expect(passback.passed('gate', 'cred_a', 'exit')).toBe(false);
    expect(passback.passed('gate', 'cred_a', 'entry')).toBe(false);
  });

  it('is no matter of other people or of another inside', () => {
    const passback = new Passback();
    passback.passed('gate', 'cred_a', 'entry');
    expect(passback.passed('gate', 'cred_b', 'entry')).toBe(false);
    expect(passback.passed('unit-door', 'cred_a', 'entry')).toBe(false);
  });

  it('forgets who was not seen for longest, and suspects nobody it has forgotten', () => {
    const passback = new Passback();
    for (let n = 0; n <= 20_000; n += 1) passback.passed('gate', `cred_${n}`, 'entry');
    expect(passback.passed('gate', 'cred_0', 'entry')).toBe(false);
    expect(passback.passed('gate', 'cred_20000', 'entry')).toBe(true);
  });
});
