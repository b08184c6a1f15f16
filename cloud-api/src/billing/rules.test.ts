import { instant, zonedInstant } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refundDueFen } from '../campaigns/line-price.ts';
import {
  disputeStatesBefore,
  disputeStatuses,
  disputeTransitions,
  earnedFen,
  invoiceStatesBefore,
  invoiceStatuses,
  invoiceTransitions,
  lessOf,
  lineFen,
  monthOf,
  offsetOf,
  quarterBefore,
  quarterOf,
  splitCredit,
  splitIncome,
  splitOfLine,
} from './rules.ts';

const zone = 'Asia/Shanghai';
const midday = (date: string) => zonedInstant(date, 720, zone);

it('earns what the campaigns do not send back', () => {
  const terms = fc.record({ priceFen: fc.nat(1e9), touches: fc.integer({ min: 1, max: 1e6 }) });
  fc.assert(
    fc.property(terms, fc.nat(2e9), (sold, deliveredMilli) => {
      const back = refundDueFen({ ...sold, deliveredMilli, refundedFen: 0 });
      return Math.abs(earnedFen(sold, deliveredMilli) + back - sold.priceFen) <= 1;
    }),
  );
});

it('prices lines so that in any order and with any corrections they add up to what the whole is worth', () => {
  const added = fc.array(fc.integer({ min: -3_000, max: 9_000 }), { maxLength: 30 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_999 }),
      fc.integer({ min: 1, max: 40 }),
      added,
      (priceFen, touches, lines) => {
        let [verifiedMilli, billedFen] = [0, 0];
        for (const line of lines) {
          const standing = { priceFen, touches, verifiedMilli, billedFen, earnedFen: billedFen, refundedFen: 0 };
          billedFen += lineFen(standing, Math.max(line, 0 - verifiedMilli));
          verifiedMilli += Math.max(line, 0 - verifiedMilli);
        }
        expect(billedFen).toBe(earnedFen({ priceFen, touches }, verifiedMilli));
      },
    ),
  );
});

it('gives a further line no more than is left of the payment', () => {
  const standing = { priceFen: 1_000, touches: 10, verifiedMilli: 0, billedFen: 0, earnedFen: 0, refundedFen: 700 };
  expect(lineFen(standing, 10_000)).toBe(300);
});

it('pays the management first, the owners of the rest, and loses nothing to rounding lines', () => {
  const shares = { ownersSharePpm: 700_000, managementPpm: 100_000 };
  expect(splitIncome(1_000, shares)).toEqual({ managementFen: 100, ownersFen: 630 });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 25 }), { maxLength: 60 }), (amounts) => {
      const sum = { incomeFen: 0, ownersFen: 0, managementFen: 0 };
      for (const amount of amounts.filter((one, n) => one > 0 || n % 3 > 0)) {
        if (sum.incomeFen + amount < 0) continue;
        const split = splitOfLine(sum, amount, shares);
        if (amount > 0) expect(split.ownersFen + split.managementFen).toBeLessThanOrEqual(amount);
        sum.incomeFen += amount;
        sum.ownersFen += split.ownersFen;
        sum.managementFen += split.managementFen;
      }
      expect(sum).toEqual({ incomeFen: sum.incomeFen, ...splitIncome(sum.incomeFen, shares) });
    }),
  );
});

it('knows months and quarters by the clocks of the place', () => {
  expect(monthOf(midday('2026-12-31'), zone)).toEqual({ month: '2026-12', ends: zonedInstant('2027-01-01', 0, zone) });
  expect(monthOf(instant(Date.UTC(2026, 10, 30, 16)), zone).month).toBe('2026-12');
  const last = quarterOf(midday('2026-11-23'), zone);
  expect(last).toEqual({
    name: '2026-Q4',
    from: zonedInstant('2026-10-01', 0, zone),
    to: zonedInstant('2027-01-01', 0, zone),
  });
  expect(quarterBefore(last, zone).name).toBe('2026-Q3');
  expect(quarterBefore(quarterOf(midday('2027-02-01'), zone), zone)).toEqual(last);
});

it('goes through the states of its tables, and by no other way', () => {
  for (const to of invoiceStatuses)
    expect(invoiceStatesBefore(to)).toEqual(invoiceStatuses.filter((from) => invoiceTransitions[from].includes(to)));
  for (const to of disputeStatuses)
    expect(disputeStatesBefore(to)).toEqual(disputeStatuses.filter((from) => disputeTransitions[from].includes(to)));
  expect(disputeStatesBefore('open')).toEqual([]);
  expect(invoiceStatesBefore('draft')).toEqual([]);
});

it('lets income off without anybody’s part growing beyond what is left of it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.nat(), fc.nat(), fc.nat(), (incomeFen, a, b, c) => {
      const managementFen = a % (incomeFen + 1);
      const ownersFen = b % (incomeFen - managementFen + 1);
      const off = c % (incomeFen + 1);
      const less = lessOf({ incomeFen, ownersFen, managementFen }, off);
      const [owners, management] = [ownersFen + less.ownersFen, managementFen + less.managementFen];
      expect(Math.min(owners, management)).toBeGreaterThanOrEqual(0);
      expect(owners + management).toBeLessThanOrEqual(incomeFen - off);
      expect(Math.max(less.ownersFen, less.managementFen)).toBeLessThanOrEqual(0);
    }),
  );
  // Rounded to the nearest, owners and management would have six of five.
  expect(lessOf({ incomeFen: 6, ownersFen: 3, managementFen: 3 }, 1)).toEqual({ ownersFen: -1, managementFen: -1 });
});

describe('what a dispute gave back of a half-hour', () => {
  it('is the greater of both together with a report that is told lower, however it changes afterwards', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.array(fc.integer({ min: 0, max: 800 }), { maxLength: 10 }),
        (givenFen, told) => {
          let [billed, offsetFen] = [500, 0];
          for (const next of told) {
            offsetFen += offsetOf(next - billed, { givenFen, offsetFen, lessFen: 500 - billed });
            billed = next;
            expect(billed - givenFen + offsetFen).toBe(Math.min(billed, Math.max(500, billed) - givenFen));
          }
        },
      ),
    );
  });
});

describe('what a half-hour that is told lower after the end gives back', () => {
  const bill = (invoiceId: string, billsFen: number, ofHalfHourFen: number) => ({ invoiceId, billsFen, ofHalfHourFen });

  it('is of the bill that it was billed last by, then of the one before', () => {
    const bills = [bill('december', 200, 200), bill('november', 900, 300)];
    expect([...splitCredit(150, bills)]).toEqual([['december', 150]]);
    expect([...splitCredit(400, bills)]).toEqual([
      ['december', 200],
      ['november', 200],
    ]);
  });

  it('is not of a bill that only corrected it, and where the half-hour has no more, of the others', () => {
    const bills = [bill('december', -100, -100), bill('november', 600, 500), bill('october', 50, 0)];
    expect([...splitCredit(400, bills)]).toEqual([['november', 400]]);
    expect([...splitCredit(550, [bill('december', 100, 0), bill('november', 500, 500)])]).toEqual([
      ['november', 500],
      ['december', 50],
    ]);
  });

  it('adds up, and is never more of a bill than it bills', () => {
    const anyBill = fc.record({
      billsFen: fc.integer({ min: -500, max: 500 }),
      ofHalfHourFen: fc.integer({ min: -500, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(anyBill, { maxLength: 4 }), fc.nat(2_000), (some, wanted) => {
        const bills = some.map((one, n) => ({ invoiceId: `inv_${n}`, ...one }));
        const most = bills.reduce((sum, { billsFen }) => sum + Math.max(0, billsFen), 0);
        const parts = splitCredit(Math.min(wanted, most), bills);
        expect([...parts.values()].reduce((sum, part) => sum + part, 0)).toBe(Math.min(wanted, most));
        for (const { invoiceId, billsFen } of bills)
          expect(parts.get(invoiceId) ?? 0).toBeLessThanOrEqual(Math.max(0, billsFen));
      }),
    );
  });
});
