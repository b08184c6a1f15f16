import { dateOf, dayKindOf, dayNumber, groupOf, type DayKind } from './day-kind.ts';
import { expectedAudience } from './day-curve.ts';
import type { Prior } from './expectation.ts';
import type { ToldSlot } from './learn.ts';

/** Random numbers from a seed: mulberry32. */
export function seeded(seed: number) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform() || 1e-12)) * Math.cos(2 * Math.PI * uniform());
  /** By multiplying below 30, above it by the normal distribution. */
  const poisson = (mean: number) => {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let n = 0;
    for (let product = uniform(); product > limit; product *= uniform()) n += 1;
    return n;
  };
  return { uniform, normal, poisson };
}
type Chance = ReturnType<typeof seeded>;

/** As a terminal tells: two-sided geometric noise, nothing below ten before or after it. */
export function tell({ uniform }: Chance, touches: number): number | null {
  const geometric = () => Math.floor(-Math.log(uniform() || 1e-12));
  const noised = touches + geometric() - geometric();
  return touches < 10 || noised < 10 ? null : noised;
}

export const profile = { families: 400_000, commuters: 300_000, elderly: 150_000 };

export function priorOf(households: number): Prior {
  const of = (group: 'work' | 'rest') =>
    expectedAudience({ households, profile }, group).map(({ milliTouches }) => (milliTouches.all ?? 0) / 1_000);
  return { touches: { work: of('work'), rest: of('rest') }, level: 1, levelVariance: 0.25 };
}

export interface World {
  readonly seed: number;
  readonly households?: number;
  readonly firstDay?: string;
  readonly own?: ReadonlySet<string>;
  /** What the level is multiplied by on the n-th day. */
  readonly level?: (n: number) => number;
}

export interface SimulatedDay {
  readonly date: string;
  readonly day: number;
  readonly kind: DayKind;
  /** What nobody sees: how many there really were. */
  readonly truth: readonly number[];
  readonly slots: ToldSlot[];
}

/**
 * An entrance whose people differ from its profile (the level by 40 %, each half-hour by 30 %, each weekday by 8 %, each half-hour of a weekday by 8 %), whose days
 * differ from each other by 8 % and half-hours by 10 %, beyond chance.
 */
export function simulated({
  seed,
  households = 400,
  firstDay = '2026-06-01',
  own = new Set(),
  level = () => 1,
}: World) {
  const chance = seeded(seed);
  const vary = (sd: number) => Math.exp(sd * chance.normal() - (sd * sd) / 2);
  const prior = priorOf(households);
  const base = vary(0.4);
  const ofHalfHour = { work: prior.touches.work.map(() => vary(0.3)), rest: prior.touches.rest.map(() => vary(0.3)) };
  const ofKind = Array.from({ length: 10 }, () => vary(0.08));
  const ofBoth = Array.from({ length: 10 }, () => prior.touches.work.map(() => vary(0.08)));
  const dayAt = (n: number): SimulatedDay => {
    const day = dayNumber(firstDay) + n;
    const date = dateOf(day);
    const kind = dayKindOf(date, 'Asia/Shanghai', own);
    const group = groupOf(kind);
    const today = vary(0.08) * base * level(n) * (ofKind[kind] ?? 1);
    const truth = prior.touches[group].map((touches, h) =>
      chance.poisson(touches * today * (ofHalfHour[group][h] ?? 1) * (ofBoth[kind]?.[h] ?? 1) * vary(0.1)),
    );
    const slots = truth.map((touches, h) => ({ index: h, halfHour: h, told: [tell(chance, touches)] }));
    return { date, day, kind, truth, slots };
  };
  return { prior, days: (count: number) => Array.from({ length: count }, (_, n) => dayAt(n)) };
}
