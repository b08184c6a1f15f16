import { allocate } from './allocation.ts';
import { marketOf } from './plan.bench.ts';
import { smooth } from './plan.ts';
import { quote } from './quote.ts';

const quotes = 400;

/**
 * What a merchant waits for: the exact availability of one more campaign on top of all others, in the market of the plan's benchmark with the plan in force.
 * Every second one asks for five times as much, so that yes and no are both among them.
 */
export async function run(say: (line: string) => void, flags: readonly string[]): Promise<Record<string, number>> {
  const { inventory, demands, asked } = marketOf(flags);
  const allocation = allocate(inventory, demands);
  smooth(allocation);
  say(`${inventory.communities} communities, ${demands.length} campaigns planned`);
  const beganFirst = performance.now();
  quote(allocation, asked());
  const firstMs = performance.now() - beganFirst;
  let fitting = 0;
  const cpuBegan = process.cpuUsage();
  const times = Array.from({ length: quotes }, (_, n) => {
    const usual = asked();
    const demand = n % 2 === 0 ? usual : { ...usual, milliTouches: usual.milliTouches * 5 };
    const began = performance.now();
    if (quote(allocation, demand).fits) fitting += 1;
    return performance.now() - began;
  }).sort((a, b) => a - b);
  const { user, system } = process.cpuUsage(cpuBegan);
  const at = (q: number) => Number((times[Math.min(quotes - 1, Math.floor(q * quotes))] ?? 0).toFixed(1));
  const figures = {
    communities: inventory.communities,
    campaigns: demands.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    /** After a change the first one finds out again what is full. */
    firstMs: Number(firstMs.toFixed(1)),
    cpuMsEach: Number(((user + system) / 1_000 / quotes).toFixed(1)),
    fittingPercent: (fitting / quotes) * 100,
  };
  for (const [name, value] of Object.entries(figures)) say(`${name}: ${value}`);
  return figures;
}
