import { after, halfHourMs, hours, instant, minutes } from '@gatecast/firmware-protocol';
import { describe, expect, it } from 'vitest';
import { decisionOf, decisionThen } from './decision-of.ts';

const from = instant(1_770_000_000_000 - (1_770_000_000_000 % halfHourMs));
const span = { from, to: after(from, halfHourMs) };
const begins = (name: string, offsetMinutes: number, over: object = {}) => ({
  name,
  inForceFrom: after(from, minutes(offsetMinutes)),
  endedAt: null,
  validTo: after(from, hours(9_000)),
  ...over,
});
const endsAfter = (offsetMinutes: number) => ({ endedAt: after(from, minutes(offsetMinutes)) });
const nameOf = (...decisions: readonly ReturnType<typeof begins>[]) => decisionOf(decisions, span)?.name;

describe('what a half-hour earns is shared', () => {
  it('by the decision that was in force when it began, though another replaces it within', () => {
    expect(nameOf(begins('old', -60, endsAfter(10)), begins('new', 10))).toBe('old');
  });

  it('by the first decision that comes into force within it, where there was none before', () => {
    expect(nameOf(begins('first', 10))).toBe('first');
    expect(nameOf(begins('first', 10, endsAfter(20)), begins('second', 20))).toBe('first');
    expect(nameOf(begins('taken back', -60, endsAfter(-30)), begins('new', 29))).toBe('new');
  });

  it('by the one that ended last before, where a screen had not heard of its end', () => {
    expect(nameOf(begins('taken back', -60, endsAfter(0)))).toBe('taken back');
    expect(nameOf(begins('expired', -60, { validTo: from }))).toBe('expired');
    expect(nameOf(begins('replaced', -90, endsAfter(-60)), begins('taken back', -60, endsAfter(-30)))).toBe(
      'taken back',
    );
    const expired = begins('expired', -90, { validTo: after(from, minutes(-80)), ...endsAfter(-20) });
    expect(nameOf(begins('before', -99, endsAfter(-90)), expired)).toBe('expired');
    expect(nameOf(expired, begins('taken back', -60, endsAfter(-70)))).toBe('expired');
  });

  it('by none that comes later, or never counted', () => {
    expect(nameOf(begins('later', 30))).toBeUndefined();
    expect(nameOf(begins('replaced at once', 10, endsAfter(10)))).toBeUndefined();
    expect(nameOf(begins('never', 0, { inForceFrom: null }))).toBeUndefined();
  });
});

describe('a half-hour was for sale', () => {
  const soldBy = (...decisions: readonly ReturnType<typeof begins>[]) => decisionThen(decisions, span)?.name;

  it('by a decision that was in force in it, and by none that was over', () => {
    expect(soldBy(begins('taken back within', -60, endsAfter(10)))).toBe('taken back within');
    expect(soldBy(begins('first', 10))).toBe('first');
    expect(soldBy(begins('over', -60, endsAfter(0)))).toBeUndefined();
    expect(soldBy(begins('expired', -60, { validTo: from }))).toBeUndefined();
  });
});
