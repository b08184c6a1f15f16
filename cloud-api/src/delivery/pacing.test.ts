import { after, halfHourMs, instant, minutes } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from './attribute.ts';
import { isPlanDue, lastMark } from './due.ts';
import { outlookOf } from './outlook.ts';
import { dueMilli, hedgeMilli, residualMilli } from './pacing.ts';

const at = instant(Date.parse('2026-11-23T10:00:00Z'));

describe('what is still to be planned of a line item', () => {
  it('is what nobody has delivered and nobody is about to, and one and a half standard deviations', () => {
    expect(hedgeMilli(100_000)).toBe(15_000);
    expect(residualMilli({ boughtMilli: 500_000, deliveredMilli: 300_000, committedMilli: 100_000 })).toBe(115_000);
  });

  it('is nothing once all of it is delivered or on its way', () => {
    expect(residualMilli({ boughtMilli: 500_000, deliveredMilli: 450_000, committedMilli: 50_000 })).toBe(0);
    expect(residualMilli({ boughtMilli: 500_000, deliveredMilli: 600_000, committedMilli: 0 })).toBe(0);
  });

  it('falls as more is known, and is never more than a hedge too much', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.nat(10_000_000), fc.nat(1_000_000), (boughtMilli, deliveredMilli, more) => {
        const one = residualMilli({ boughtMilli, deliveredMilli, committedMilli: 0 });
        const next = residualMilli({ boughtMilli, deliveredMilli: deliveredMilli + more, committedMilli: 0 });
        const owed = Math.max(0, boughtMilli - deliveredMilli);
        return next <= one && one >= owed && one <= owed + hedgeMilli(owed);
      }),
    );
  });

  it('counts a half-hour as far as it is over', () => {
    expect(dueMilli(3_000, at, at)).toBe(0);
    expect(dueMilli(3_000, at, after(at, minutes(10)))).toBe(1_000);
    expect(dueMilli(3_000, at, after(at, halfHourMs))).toBe(3_000);
    expect(dueMilli(3_000, after(at, halfHourMs), at)).toBe(0);
  });
});

describe('a new plan is due', () => {
  const half = instant(Date.parse('2026-11-23T09:30:00Z'));

  it('at the half-hour of each hour', () => {
    expect(lastMark(at)).toBe(half);
    expect(lastMark(half)).toBe(half);
    expect(isPlanDue({ wanted: 1, planned: 1, startedAt: half }, at)).toBe(false);
    expect(isPlanDue({ wanted: 1, planned: 1, startedAt: instant(half - 1) }, at)).toBe(true);
  });

  it('when something was sold since, and when there has been none', () => {
    expect(isPlanDue({ wanted: 2, planned: 1, startedAt: half }, at)).toBe(true);
    expect(isPlanDue({ wanted: 0, planned: 0, startedAt: undefined }, at)).toBe(true);
  });
});

describe('how a line item is expected to end', () => {
  it('with all that was bought where the plan has room for it, and with no more', () => {
    const outlook = outlookOf({
      boughtMilli: 100_000,
      deliveredMilli: 40_000,
      committedMilli: 10_000,
      plannedMilli: 60_000,
    });
    expect(outlook).toMatchObject({ expectedMilli: 100_000, isBehind: false });
    expect(outlook.lowMilli).toBeLessThan(100_000);
    expect(outlook.lowMilli).toBeGreaterThan(90_000);
    expect(outlook.highMilli).toBe(110_000);
  });

  it('behind, where the plan leaves out more than half a percent', () => {
    const outlook = { boughtMilli: 1_000_000, deliveredMilli: 500_000, committedMilli: 0 };
    expect(outlookOf({ ...outlook, plannedMilli: 494_000 }).isBehind).toBe(true);
    expect(outlookOf({ ...outlook, plannedMilli: 496_000 }).isBehind).toBe(false);
  });

  it('exactly as it stands once nothing is open', () => {
    expect(outlookOf({ boughtMilli: 9_000, deliveredMilli: 8_000, committedMilli: 0, plannedMilli: 0 })).toEqual({
      expectedMilli: 8_000,
      lowMilli: 8_000,
      highMilli: 8_000,
      isBehind: true,
    });
  });
});

describe('what a campaign got in a half-hour', () => {
  it('goes to its line items as it was planned for them, and evenly where nothing was planned any more', () => {
    expect(attribute(9_000, [{ plannedMilli: 2_000 }, { plannedMilli: 1_000 }])).toEqual([6_000, 3_000]);
    expect(attribute(9_000, [{ plannedMilli: 0 }, { plannedMilli: 0 }])).toEqual([4_500, 4_500]);
    expect(attribute(9_000, [])).toEqual([]);
  });

  it('is neither lost nor doubled', () => {
    const cells = fc.array(fc.record({ plannedMilli: fc.nat(1_000_000) }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.nat(10_000_000), cells, (verifiedMilli, own) => {
        const parts = attribute(verifiedMilli, own);
        return parts.reduce((a, b) => a + b, 0) === verifiedMilli && parts.every((part) => part >= 0);
      }),
    );
  });
});
