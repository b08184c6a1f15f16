import { parseArgs } from 'node:util';
import { allocate } from '../allocation/allocation.ts';
import type { Demand } from '../allocation/instance.ts';
import { makeMarket, seeded } from '../allocation/market.fixture.ts';
import { policies, type Policy, type PolicyName } from './replay-policies.fixture.ts';
import { unknownMarket } from './replay-unknown.fixture.ts';
import { makeWeek, type Week } from './replay-week.fixture.ts';
import { replay, type Diffuse, type Outcome, type Worth } from './replay.fixture.ts';

/** Part of what the forecast plan can deliver that is sold. */
const soldPart = 0.95;
/** From so many communities on a run tells how far it is. */
const slowFrom = 500;

/**
 * A week of doors, one touch after the other: sold by the forecast, served by the terminals' own rule (`diffuse`), planned anew each hour. Touches come at
 * random (Poisson) around a truth that the forecast misses by `--error` percent a community. `--offline`: a tenth of the communities is away for one to two
 * days, plays on by what it has, and tells afterwards. Beside it rules of the field on the same market and the same touches.
 *
 * Twice: as the study has it, where the screen knows everybody's segment; and as the product has it (`unknown…`), where nobody's is known and a touch counts as the
 * expected part, by the product's own plan of cells. `--segments known|unknown` plays one of them.
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
      segments: { type: 'string', default: 'both' },
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
  const names: PolicyName[] =
    values.only === true ? ['ours'] : ['ours', 'equalLoop', 'proportionalHourly', 'highWaterMark'];
  // A hundred communities are over in seconds.
  const sayFar = week.inventory.communities >= slowFrom ? say : () => undefined;
  const playAll = ({ week: own, sold: bought, policies: by, worth }: Played): Record<string, number> => {
    const outcomes = names.map((name) => {
      const outcome = replay(own, bought, by[name], { diffuse, say: sayFar, ...(worth && { worth }) });
      say(`${name}: ${JSON.stringify(outcome)}`);
      return [name, outcome] as const;
    });
    return figuresOf(outcomes);
  };
  const known = (): Record<string, number> => {
    say(`${week.inventory.communities} communities, ${sold.length} campaigns, ${week.count} touches`);
    const all = allocate({ ...week.inventory, supplyMilliTouches: milliOf(week) }, sold);
    const possible = hindsight(sold, (id) => all.deliverable(id));
    return { ...marketFigures(week, sold), ...possible, ...playAll({ week, sold, policies }) };
  };
  const unknown = (): Record<string, number> => {
    const own = unknownMarket(market.inventory, market.demands, soldPart);
    const played = { ...own, week: own.weekOf(week) };
    say(`segments unknown: ${own.sold.length} campaigns`);
    const possible = hindsight(own.sold, own.hindsight(played.week));
    const figures = { campaigns: own.sold.length, ...possible, ...playAll(played) };
    return Object.fromEntries(Object.entries(figures).map(([name, figure]) => [prefixed('unknown', name), figure]));
  };
  return {
    ...(values.segments === 'unknown' ? {} : known()),
    ...(values.segments === 'known' ? {} : unknown()),
  };
}

interface Played {
  readonly week: Week;
  readonly sold: readonly Demand[];
  readonly policies: Readonly<Record<PolicyName, Policy>>;
  readonly worth?: Worth;
}

const prefixed = (prefix: string, name: string): string => `${prefix}${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const milliOf = ({ touches }: Week): Int32Array => Int32Array.from(touches, (count) => count * 1_000);

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
function hindsight(sold: readonly Demand[], deliverable: (id: string) => number): Record<string, number> {
  const reached = sold.filter(({ id, milliTouches }) => deliverable(id) >= milliTouches * 0.99).length;
  const all = sold.reduce((sum, { milliTouches }) => sum + milliTouches, 0);
  const possible = sold.reduce((sum, { id }) => sum + deliverable(id), 0);
  return {
    possiblePercent: Number(((possible / all) * 100).toFixed(3)),
    possibleAt99Percent: Number(((reached / sold.length) * 100).toFixed(3)),
  };
}

function figuresOf(outcomes: readonly (readonly [PolicyName, Outcome])[]): Record<string, number> {
  const named = outcomes.flatMap(([name, outcome]) =>
    Object.entries(outcome).map(([figure, value]) => {
      const key = name === 'ours' ? figure : prefixed(name, figure);
      return [key, value] as const;
    }),
  );
  return Object.fromEntries(named);
}
