import { parseArgs } from 'node:util';
import { allocate } from '../allocation/allocation.ts';
import type { Demand } from '../allocation/instance.ts';
import { makeMarket, seeded } from '../allocation/market.fixture.ts';
import { policies, type PolicyName } from './replay-policies.fixture.ts';
import { makeWeek, type Week } from './replay-week.fixture.ts';
import { replay, type Diffuse, type Outcome } from './replay.fixture.ts';

/** Part of what the forecast plan can deliver that is sold. */
const soldPart = 0.95;
/** From so many communities on a run tells how far it is. */
const slowFrom = 500;

/**
 * A week of doors, one touch after the other: sold by the forecast, served by the terminals' own rule (`diffuse`), planned anew each hour. Touches come at
 * random (Poisson) around a truth that the forecast misses by `--error` percent a community. `--offline`: a tenth of the communities is away for one to two
 * days, plays on by what it has, and tells afterwards. Beside it rules of the field on the same market and the same touches.
 */
export async function run(
  say: (line: string) => void,
  flags: readonly string[],
  diffuse: Diffuse,
): Promise<Record<string, number>> {
  const { values } = parseArgs({
    args: [...flags],
    strict: false,
    options: {
      communities: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      error: { type: 'string', default: '15' },
      demand: { type: 'string', default: '85' },
      offline: { type: 'boolean', default: false },
      only: { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed);
  const market = makeMarket({
    communities: Number(values.communities),
    demandShare: Number(values.demand) / 100,
    seed,
  });
  const forecast = allocate(market.inventory, market.demands);
  const sold = market.demands
    .map((demand) => ({
      ...demand,
      milliTouches: Math.floor((forecast.deliverable(demand.id) * soldPart) / 1_000) * 1_000,
    }))
    .filter(({ milliTouches }) => milliTouches > 0);
  const week = makeWeek(market.inventory, {
    error: Number(values.error) / 100,
    offline: values.offline === true,
    random: seeded(seed + 1_000),
  });
  say(`${week.inventory.communities} communities, ${sold.length} campaigns, ${week.count} touches`);
  const names: PolicyName[] =
    values.only === true ? ['ours'] : ['ours', 'equalLoop', 'proportionalHourly', 'highWaterMark'];
  // A hundred communities are over in seconds.
  const sayFar = week.inventory.communities >= slowFrom ? say : () => undefined;
  const outcomes = names.map((name) => {
    const outcome = replay(week, sold, policies[name], { diffuse, say: sayFar });
    say(`${name}: ${JSON.stringify(outcome)}`);
    return [name, outcome] as const;
  });
  return { ...marketFigures(week, sold), ...hindsight(week, sold), ...figuresOf(outcomes) };
}

function marketFigures(week: Week, sold: readonly { readonly milliTouches: number }[]): Record<string, number> {
  const touches = sold.reduce((sum, { milliTouches }) => sum + milliTouches / 1_000, 0);
  return {
    communities: week.inventory.communities,
    campaigns: sold.length,
    touches: week.count,
    soldPercent: Number(((touches / week.count) * 100).toFixed(1)),
  };
}

/** What could have been delivered, had everybody known who comes. */
function hindsight(week: Week, sold: readonly Demand[]): Record<string, number> {
  const supplyMilliTouches = Int32Array.from(week.touches, (touches) => touches * 1_000);
  const known = allocate({ ...week.inventory, supplyMilliTouches }, sold);
  const reached = sold.filter(({ id, milliTouches }) => known.deliverable(id) >= milliTouches * 0.99).length;
  const all = sold.reduce((sum, { milliTouches }) => sum + milliTouches, 0);
  const possible = sold.reduce((sum, { id }) => sum + known.deliverable(id), 0);
  return {
    possiblePercent: Number(((possible / all) * 100).toFixed(3)),
    possibleAt99Percent: Number(((reached / sold.length) * 100).toFixed(3)),
  };
}

function figuresOf(outcomes: readonly (readonly [PolicyName, Outcome])[]): Record<string, number> {
  const named = outcomes.flatMap(([name, outcome]) =>
    Object.entries(outcome).map(([figure, value]) => {
      const key = name === 'ours' ? figure : `${name}${figure.slice(0, 1).toUpperCase()}${figure.slice(1)}`;
      return [key, value] as const;
    }),
  );
  return Object.fromEntries(named);
}
