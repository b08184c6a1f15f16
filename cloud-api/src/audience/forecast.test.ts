import { describe, expect, it } from 'vitest';
import { dayKindOf, dayNumber } from './day-kind.ts';
import { dayVariance, levelOf } from './expectation.ts';
import { forecastDay, type ForecastCell } from './forecast.ts';
import { learnDay } from './learn.ts';
import { newModel, type Model } from './model.ts';
import { simulated, type SimulatedDay, type World } from './simulated-entrance.fixture.ts';

const sizes = [60, 150, 400, 900];
const seeds = Array.from({ length: 16 }, (_, n) => n + 1);

interface Tally {
  error: number;
  meanError: number;
  bias: number;
  touches: number;
  cells: number;
  within: number;
}

/** What was told of the same half-hour on the last fourteen days, a withheld count for five; the profile before the third day. */
function meanOfDays(past: readonly SimulatedDay[], halfHour: number, profile: number): number {
  if (past.length < 3) return Math.floor(profile);
  const told = past.slice(-14).map(({ slots }) => slots[halfHour]?.told[0] ?? 5);
  return Math.floor(told.reduce((a, b) => a + b, 0) / told.length);
}

/** Forecasts each day the evening before, for many entrances, and compares with what truly was. */
function replay(
  world: Omit<World, 'seed'>,
  from: number,
  to: number,
  known: (day: SimulatedDay, n: number) => SimulatedDay | null = (day) => day,
) {
  const tally: Tally = { error: 0, meanError: 0, bias: 0, touches: 0, cells: 0, within: 0 };
  for (const seed of seeds) {
    const { prior, days } = simulated({ seed, households: sizes[seed % 4] ?? 400, ...world });
    const past: SimulatedDay[] = [];
    let model = newModel(1_000_000);
    for (const [n, day] of days(to).entries()) {
      if (n >= from)
        compare(tally, day, forecastDay(model, prior, day, day.date), (h) =>
          meanOfDays(past, h, prior.touches.work[h] ?? 0),
        );
      const told = known(day, n);
      if (told === null) continue;
      past.push(told);
      model = learnDay(model, prior, told);
    }
  }
  return {
    wape: tally.error / tally.touches,
    meanWape: tally.meanError / tally.touches,
    bias: tally.bias / tally.touches,
    coverage: tally.within / tally.cells,
  };
}

function compare(
  tally: Tally,
  { truth }: SimulatedDay,
  cells: readonly ForecastCell[],
  mean: (halfHour: number) => number,
): void {
  for (const [h, touches] of truth.entries()) {
    const { expectedMilli, lowMilli, highMilli } = cells[h] ?? { expectedMilli: 0, lowMilli: 0, highMilli: 0 };
    tally.error += Math.abs(expectedMilli / 1_000 - touches);
    tally.meanError += Math.abs(mean(h) - touches);
    tally.bias += expectedMilli / 1_000 - touches;
    tally.touches += touches;
    tally.cells += 1;
    tally.within += touches * 1_000 >= lowMilli && touches * 1_000 <= highMilli ? 1 : 0;
  }
}

describe('a forecast, the evening before', () => {
  it('is half as wrong as the mean of fourteen days, and four of five half-hours lie within its interval', () => {
    const { wape, meanWape, coverage, bias } = replay({}, 14, 70);
    expect(wape).toBeLessThan(0.65 * meanWape);
    expect(wape).toBeLessThan(0.18);
    expect(coverage).toBeGreaterThan(0.75);
    expect(coverage).toBeLessThan(0.85);
    expect(Math.abs(bias)).toBeLessThan(0.03);
  });

  it('from the profile alone is unsure, and each day makes it better', () => {
    const first = replay({}, 0, 1);
    const third = replay({}, 2, 3);
    const later = replay({}, 10, 14);
    expect(first.coverage).toBeGreaterThan(0.75);
    expect(third.wape).toBeLessThan(0.9 * first.wape);
    expect(later.wape).toBeLessThan(third.wape);
    expect(later.coverage).toBeGreaterThan(0.75);
  });

  it('keeps up with a trend of one per cent a day', () => {
    const { wape, meanWape, coverage, bias } = replay({ level: (n) => 1.01 ** n }, 28, 70);
    expect(wape).toBeLessThan(0.65 * meanWape);
    expect(Math.abs(bias)).toBeLessThan(0.06);
    expect(coverage).toBeGreaterThan(0.75);
  });

  it('finds back within days of a break, up or down', () => {
    for (const after of [1.4, 0.6]) {
      const level = (n: number) => (n < 30 ? 1 : after);
      const { wape, meanWape, coverage } = replay({ level }, 34, 45);
      expect(wape).toBeLessThan(0.65 * meanWape);
      expect(coverage).toBeGreaterThan(0.72);
    }
  });

  it('knows weekends, holidays and weekends that are worked', () => {
    const { wape, meanWape, coverage } = replay({ firstDay: '2026-08-10' }, 38, 66);
    expect(wape).toBeLessThan(0.65 * meanWape);
    expect(coverage).toBeGreaterThan(0.75);
    expect(coverage).toBeLessThan(0.87);
  });

  it('takes days of which nothing came for unknown, not for empty', () => {
    const away = replay({}, 30, 40, (day, n) => (n >= 20 && n < 29 ? null : day));
    const there = replay({}, 30, 40);
    expect(away.wape).toBeLessThan(1.15 * there.wape);
    expect(Math.abs(away.bias)).toBeLessThan(0.05);
  });

  it('takes half-hours of which nothing came for unknown, even if they are those of the rush', () => {
    const without = (day: SimulatedDay) => ({
      ...day,
      slots: day.slots.filter(({ halfHour }) => halfHour < 14 || halfHour > 17),
    });
    const partly = replay({}, 20, 40, without);
    const { wape } = replay({}, 20, 40);
    expect(wape).toBeLessThan(partly.wape);
    expect(Math.abs(partly.bias)).toBeLessThan(0.15);
  });
});

describe('what an entrance has learned', () => {
  const { prior, days } = simulated({ seed: 3 });
  const all = days(40);
  const learned = (of: readonly SimulatedDay[], from: Model = newModel(1_000_000)) =>
    of.reduce((model, day) => learnDay(model, prior, day), from);
  const day = { date: '2026-07-11', kind: dayKindOf('2026-07-11', 'Asia/Shanghai', new Set()) };
  const sum = (cells: readonly ForecastCell[]) => cells.reduce((total, { expectedMilli }) => total + expectedMilli, 0);
  const expected = (model: Model) => sum(forecastDay(model, prior, day, '2026-07-10'));

  it('is the same after a day that came twice', () => {
    const once = learned(all);
    expect(
      learned(
        [all[39], all[25]].flatMap((one) => (one ? [one] : [])),
        once,
      ),
    ).toBe(once);
  });

  it('is nearly the same whether a day came in time or ten days late', () => {
    const late = learned([...all.slice(0, 28), ...all.slice(29), ...all.slice(28, 29)]);
    expect(expected(late) / expected(learned(all))).toBeCloseTo(1, 2);
    expect(expected(late)).not.toBe(expected(learned([...all.slice(0, 28), ...all.slice(29)])));
  });

  it('is completed when the rest of a day comes', () => {
    const [last] = all.slice(-1);
    const parts = [last, last].flatMap((one, n) =>
      one ? [{ ...one, slots: one.slots.filter(({ index }) => index % 2 === n) }] : [],
    );
    const inParts = learned([...all.slice(0, -1), ...parts]);
    expect(expected(inParts) / expected(learned(all))).toBeCloseTo(1, 2);
    expect(inParts.knownDays).toBeCloseTo(40, 9);
  });

  it('changes nothing for a day that comes a month late', () => {
    const known = learned(all.slice(10));
    expect(learned(all.slice(0, 1), known)).toBe(known);
  });

  it('replaces the profile step by step, without a jump', () => {
    const world = simulated({ seed: 3, level: () => 2.5 });
    const before = world.days(14);
    const levels = before.map((_, n) =>
      before.slice(0, n).reduce((known, one) => learnDay(known, world.prior, one), newModel(1_000_000)),
    );
    const now = levels.map((known) => levelOf(known, world.prior).now);
    const settled = now.at(-1) ?? 0;
    const left = now.map((level) => Math.abs(level - settled) / Math.abs(1 - settled));
    expect(left[0]).toBe(1);
    expect(left[1]).toBeGreaterThan(0.2);
    expect(left[1]).toBeLessThan(0.6);
    expect(Math.max(...left.slice(6))).toBeLessThan(0.2);
  });

  it('tells how much days differ', () => {
    const variances = seeds.map((seed) => {
      const world = simulated({ seed });
      return dayVariance(world.days(60).reduce((model, one) => learnDay(model, world.prior, one), newModel(1_000_000)));
    });
    const mean = variances.reduce((a, b) => a + b, 0) / variances.length;
    expect(Math.sqrt(mean)).toBeGreaterThan(0.06);
    expect(Math.sqrt(mean)).toBeLessThan(0.11);
  });

  it('reads a local day of 50 half-hours, and of 46', () => {
    const [first] = all;
    const slots = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ index, halfHour: index % 48, told: [40] }));
    const grown = [50, 46].map((count, n) =>
      learnDay(newModel(1_000_000), prior, { day: dayNumber('2026-10-25') + n, kind: 7, slots: slots(count) }),
    );
    expect(first?.slots).toHaveLength(48);
    expect(grown.map(({ learned: [one] }) => one?.slots.toString(2).length)).toEqual([50, 46]);
  });

  it('adds up two screens at one entrance, one of which withheld its count', () => {
    const two = (told: readonly (number | null)[]) =>
      learnDay(newModel(1_000_000), prior, { day: 20_000, kind: 1, slots: [{ index: 15, halfHour: 15, told }] }).fast
        .counted;
    expect(two([30, 40])).toBeGreaterThan(65);
    expect(two([30, null])).toBeGreaterThan(28);
    expect(two([30, null])).toBeLessThan(50);
  });
});
