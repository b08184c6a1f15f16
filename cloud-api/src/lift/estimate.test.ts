import { describe, expect, it } from 'vitest';
import { daysNeeded, isEnough } from './enough.ts';
import { estimateEffect, randomOf, type CommunityDay } from './estimate.ts';

const weekdayLift = [1.4, 0.9, 0.8, 0.9, 1, 1.2, 1.5];

/** Days of three communities of different size, and what was ordered on them: Poisson around each level, with busy weekends and a good or bad day now and then. */
function neighbourhoods(seed: number, effect: number, { days = 28, holdout = 0.2, levels = [2, 5, 12] } = {}) {
  const random = randomOf(seed);
  const made: CommunityDay[] = [];
  const orders: number[] = [];
  levels.forEach((level, community) => {
    for (let day = 0; day < days; day += 1) {
      const isHeldOut = random() < holdout;
      const weekday = day % 7;
      const mood = 0.7 + 0.6 * random();
      made.push({ stratum: `c${community}`, weekday, isHeldOut });
      orders.push(poisson(level * (weekdayLift[weekday] ?? 1) * mood + (isHeldOut ? 0 : effect), random));
    }
  });
  return { days: made, orders };
}

/** Knuth's. */
function poisson(mean: number, random: () => number): number {
  let n = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) n += 1;
  return n;
}

const told = async (seed: number, effect: number) => {
  const { days, orders } = neighbourhoods(seed, effect);
  const found = await estimateEffect(days, orders, { draws: 199, seed });
  if (!found) throw new Error(`no interval for seed ${seed}`);
  return found;
};

describe('what a campaign changed', () => {
  it('is nothing in 93 to 97 of 100 intervals where nothing was changed', async () => {
    let covered = 0;
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const { low, high } = await told(seed, 0);
      if (low <= 0 && 0 <= high) covered += 1;
    }
    expect(covered).toBeGreaterThanOrEqual(930);
    expect(covered).toBeLessThanOrEqual(970);
  });

  it('is found where something was changed, and no more and no less on average', async () => {
    let sum = 0;
    let covered = 0;
    let beyondZero = 0;
    const seeds = 300;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { estimate, low, high } = await told(seed, 4);
      sum += estimate;
      if (low <= 4 && 4 <= high) covered += 1;
      if (low > 0) beyondZero += 1;
    }
    expect(Math.abs(sum / seeds - 4)).toBeLessThan(0.15);
    expect(covered / seeds).toBeGreaterThan(0.92);
    expect(covered / seeds).toBeLessThan(0.98);
    expect(beyondZero / seeds).toBeGreaterThan(0.9);
  });

  it('is not what a community or a weekday is', async () => {
    // All held-out days in the small community and at weekends: a plain difference of means would see hundreds of orders.
    const days = Array.from({ length: 56 }, (_, n): CommunityDay => {
      const isBig = n >= 28;
      return { stratum: isBig ? 'big' : 'small', weekday: n % 7, isHeldOut: !isBig && n % 4 === 0 };
    });
    const orders = days.map(({ stratum, weekday }) => (stratum === 'big' ? 500 : 3) + weekday * 10);
    const found = await estimateEffect(days, orders, { draws: 199, seed: 1 });
    expect(Math.abs(found?.estimate ?? NaN)).toBeLessThan(0.01);
  });

  it('is the same whenever it is asked', async () => {
    expect(await told(7, 2)).toEqual(await told(7, 2));
  });

  it('is not told where one arm is missing', async () => {
    const { days, orders } = neighbourhoods(1, 0);
    const all = days.map((day) => ({ ...day, isHeldOut: false }));
    expect(await estimateEffect(all, orders, { draws: 199, seed: 1 })).toBeUndefined();
    const one = [
      { stratum: 'c', weekday: 1, isHeldOut: true },
      { stratum: 'c', weekday: 1, isHeldOut: false },
    ];
    expect(await estimateEffect(one, [1, 2], { draws: 199, seed: 1 })).toBeUndefined();
  });
});

describe('whether there is enough to tell', () => {
  const day = (n: number): CommunityDay => ({ stratum: 'c', weekday: n % 7, isHeldOut: n % 4 === 0 });
  const days = Array.from({ length: 40 }, (_, n) => day(n));

  it('takes a week of either arm and twenty orders', () => {
    expect(isEnough(days, 20)).toBe(true);
    expect(isEnough(days, 19)).toBe(false);
    expect(isEnough(days.slice(0, 24), 200)).toBe(false);
    expect(
      isEnough(
        days.filter((one) => one.isHeldOut),
        200,
      ),
    ).toBe(false);
  });

  it('says about how many days it takes, the fewer orders a day the more, and nothing without an order', () => {
    const few = daysNeeded(
      days,
      days.map((_, n) => (n % 5 === 0 ? 1 : 0)),
      250_000,
    );
    const many = daysNeeded(
      days,
      days.map(() => 20),
      250_000,
    );
    expect(few ?? 0).toBeGreaterThan(500);
    expect(many ?? 0).toBeLessThan(80);
    expect(
      daysNeeded(
        days,
        days.map(() => 0),
        250_000,
      ),
    ).toBeNull();
  });

  it('is right about it: with so many days a change of a fifth is seen about four times in five', async () => {
    const levels = [10];
    const sample = neighbourhoods(1, 0, { days: 200, levels, holdout: 0.5 });
    const needed = daysNeeded(sample.days, sample.orders, 500_000) ?? 0;
    const seeds = 100;
    let seen = 0;
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { days: own, orders } = neighbourhoods(seed, 2.2, { days: needed, levels, holdout: 0.5 });
      const found = await estimateEffect(own, orders, { draws: 199, seed });
      if (found && found.low > 0) seen += 1;
    }
    expect(seen / seeds).toBeGreaterThan(0.65);
    expect(seen / seeds).toBeLessThan(0.95);
  });
});
