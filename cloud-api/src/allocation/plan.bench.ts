import { parseArgs } from 'node:util';
import { allocate, type Allocation } from './allocation.ts';
import { equalLoop, highWaterMark, proportionalHourly, weightOf } from './field-rules.fixture.ts';
import { makeMarket, type Market } from './market.fixture.ts';
import { optimumOfGroups } from './optimum.fixture.ts';
import { smooth } from './plan.ts';
import { spreadAtLeast } from './spread-bound.fixture.ts';
import { spreadOf } from './spread.ts';
import { upperBound } from './upper-bound.fixture.ts';

/** Above this many communities HiGHS takes minutes, and gigabytes soon after; the bound by duality holds at any size. */
const oracleCommunitiesMax = 100;

/**
 * The whole plan of a week for `--communities N` (4,000 unless told) and `--campaigns M` (three a community) asking for `--demand` percent (85) of all touches:
 * merging, exact flow, smoothing, repair, evening out. Beside it the same without evening out, and what rules of the field make of the same market, in percent of the optimum.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const market = marketOf(flags);
  const { inventory, demands } = market;
  say(
    `${inventory.communities} communities, ${demands.length} campaigns, ${inventory.supplyMilliTouches.length} cells`,
  );
  const began = performance.now();
  const cpuBegan = process.cpuUsage();
  const allocation = allocate(inventory, demands);
  const exactMs = performance.now() - began;
  const exactCpu = process.cpuUsage(cpuBegan);
  const vertexSpread = spreadOf(allocation);
  const pricesBegan = performance.now();
  smooth(allocation, { evenEnough: Infinity });
  const secondsByPrices = (exactMs + performance.now() - pricesBegan) / 1_000;
  const spreadByPrices = spreadOf(allocation);
  const smoothBegan = performance.now();
  const cpuSmoothBegan = process.cpuUsage();
  smooth(allocation);
  const seconds = (exactMs + performance.now() - smoothBegan) / 1_000;
  const { user, system } = process.cpuUsage(cpuSmoothBegan);
  const mib = process.resourceUsage().maxRSS / 1_024;
  const bound = upperBound(allocation);
  say(`exact after ${(exactMs / 1_000).toFixed(1)} s, smooth after ${seconds.toFixed(1)} s, ${Math.round(mib)} MiB`);
  const figures = {
    communities: inventory.communities,
    campaigns: demands.length,
    edges: allocation.network.edges,
    seconds: rounded(seconds),
    exactSeconds: rounded(exactMs / 1_000),
    cpuSeconds: rounded((exactCpu.user + exactCpu.system + user + system) / 1_000_000),
    mib: Math.round(mib),
    percentOfOptimum: percent(allocation.weighted(), bound),
    spread: rounded(spreadOf(allocation), 4),
    spreadByPrices: rounded(spreadByPrices, 4),
    secondsByPrices: rounded(secondsByPrices),
    spreadAtLeast: rounded(spreadAtLeast(allocation), 4),
    vertexSpread: rounded(vertexSpread, 4),
    ...(inventory.communities <= oracleCommunitiesMax && {
      percentOfHighs: percent(allocation.weighted(), await optimumOfGroups(allocation)),
    }),
    ...besides(market, allocation),
  };
  for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
  return figures;
}

/** The market that a benchmark's flags ask for. */
export function marketOf(flags: readonly string[]): Market {
  const { values } = parseArgs({
    args: [...flags],
    strict: false,
    options: {
      communities: { type: 'string', default: '4000' },
      campaigns: { type: 'string' },
      demand: { type: 'string', default: '85' },
      seed: { type: 'string', default: '1' },
    },
  });
  return makeMarket({
    communities: Number(values.communities),
    ...(values.campaigns !== undefined && { campaigns: Number(values.campaigns) }),
    demandShare: Number(values.demand) / 100,
    seed: Number(values.seed),
  });
}

function besides({ inventory, demands }: Market, allocation: Allocation): Record<string, number> {
  const optimum = allocation.weighted();
  const looped = equalLoop(inventory, demands);
  const loop = demands.reduce((sum, { weight }, n) => sum + weight * (looped[n] ?? 0), 0);
  const proportional = proportionalHourly(allocation);
  const highWater = highWaterMark(allocation);
  return {
    equalLoopPercent: percent(loop, optimum),
    proportionalPercent: percent(weightOf(allocation, proportional), optimum),
    proportionalSpread: rounded(spreadOf(allocation, proportional), 4),
    highWaterMarkPercent: percent(weightOf(allocation, highWater), optimum),
    highWaterMarkSpread: rounded(spreadOf(allocation, highWater), 4),
  };
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
const percent = (part: number, whole: number): number => rounded((part / whole) * 100, 4);
