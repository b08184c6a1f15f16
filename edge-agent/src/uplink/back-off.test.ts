import { manualClock, milliseconds } from '@gatecast/firmware-protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BackOff, brokerBackOff, cloudBackOff, type BackOffLimits } from './back-off.ts';

const limits = fc.constantFrom<BackOffLimits>(brokerBackOff, cloudBackOff);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the wait between two tries', () => {
  it('is anything between nothing and a ceiling that grows with the outage, and stays between base and cap', () => {
    fc.assert(
      fc.property(limits, fc.array(fc.tuple(fc.nat(600_000), share), { maxLength: 50 }), (given, tries) => {
        const clock = manualClock();
        const backOff = new BackOff(clock, given);
        let ceiling = 0;
        for (const [passedMs, random] of tries) {
          clock.advance(milliseconds(passedMs));
          const now = backOff.nextMs(() => 1);
          expect(now).toBeGreaterThanOrEqual(Math.max(given.baseMs, ceiling));
          expect(now).toBeLessThanOrEqual(given.capMs);
          expect(backOff.nextMs(() => random)).toBeLessThanOrEqual(Math.ceil(now * random));
          ceiling = now;
        }
      }),
    );
  });

  it('is a short one again once it has worked', () => {
    fc.assert(
      fc.property(limits, fc.nat(86_400_000), (given, outageMs) => {
        const clock = manualClock();
        const backOff = new BackOff(clock, given);
        backOff.nextMs();
        clock.advance(milliseconds(outageMs));
        backOff.nextMs();
        backOff.reset();
        expect(backOff.nextMs(() => 1)).toBe(given.baseMs);
      }),
    );
  });

  it('reaches five minutes, and no more, in a long outage', () => {
    const clock = manualClock();
    const backOff = new BackOff(clock, brokerBackOff);
    backOff.nextMs();
    clock.advance(milliseconds(86_400_000));
    expect(backOff.nextMs(() => 1)).toBe(300_000);
  });

  it.each([0, 5_000, 60_000, 3_600_000])(
    'spreads a fleet of 5,000 whose broker was gone for %i ms, and brings it back',
    (goneMs) => {
      const fleet = 5_000;
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const random = seeded(seed);
          const returned = Array.from({ length: fleet }, () => returnOf(goneMs, random)).toSorted((a, b) => a - b);
          expect(busiestSecond(returned)).toBeLessThanOrEqual(2_000);
          // An eighth of the outage later at most, and never later than the cap, everybody is back.
          const slowest = Math.min(300_000, Math.max(brokerBackOff.baseMs, goneMs / 8 + brokerBackOff.baseMs));
          expect(returned.at(-1)).toBeLessThanOrEqual(goneMs + slowest);
        }),
        { numRuns: 3 },
      );
    },
  );
});

/** When one terminal finds the broker again, which all lost at 0 and which is back at `goneMs`. */
function returnOf(goneMs: number, random: () => number): number {
  const clock = manualClock();
  const backOff = new BackOff(clock, brokerBackOff);
  let at = 0;
  do {
    const waitMs = backOff.nextMs(random);
    at += waitMs;
    clock.advance(milliseconds(waitMs));
  } while (at < goneMs);
  return at;
}

function busiestSecond(times: readonly number[]): number {
  let most = 0;
  let from = 0;
  times.forEach((time, i) => {
    while ((times[from] ?? 0) <= time - 1_000) from += 1;
    most = Math.max(most, i - from + 1);
  });
  return most;
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
