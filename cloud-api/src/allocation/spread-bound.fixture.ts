import type { Allocation } from './allocation.ts';
import { EvenFlow } from './even-flow.ts';
import type { FlowNetwork } from './flow-network.ts';
import { fairRates, keepFlow, takeExcess } from './even-out.ts';

/** Searches for prices; with fewer the bound is lower, and as true. */
const searchesMax = 400;

/**
 * What no plan of the same amounts is more even than, as `spreadOf` counts, by weak duality: for any prices p (and P, that of touches to spare) the sum of
 * (P − p) × amount over demands, less (P − p) × supply over groups, less what k = p of the group − p of the node says of each edge, its fair part if k is 1, and of each
 * cap, times what its node costs more than the one above. Any prices with k ≤ 1 make a valid bound, whatever made them. Puts back all that it moves.
 */
export function spreadAtLeast(allocation: Allocation, searches = searchesMax): number {
  const { network } = allocation;
  const roots = allocation.roots();
  const caps = network.nodeCap.slice();
  const rates = fairRates(allocation);
  const all = roots.reduce((sum, root) => sum + (network.nodeFlow[root] ?? 0), 0);
  for (const root of roots) network.nodeCap[root] = network.nodeFlow[root] ?? 0;
  const flow = new EvenFlow(network, rates);
  const putBack = keepFlow(network);
  takeExcess(allocation, flow);
  flow.fill(roots, searches);
  putBack();
  const bound = boundOf(allocation, flow, rates);
  network.nodeCap.set(caps);
  return all === 0 ? 0 : Math.max(0, bound / all);
}

function boundOf(allocation: Allocation, { price, nodePrice, groupPrice }: EvenFlow, rates: Float64Array): number {
  const { network } = allocation;
  let bound = 0;
  for (const root of allocation.roots()) {
    bound += (price - (nodePrice[root] ?? 0)) * (network.nodeCap[root] ?? 0);
    bound -= capsBelow(network, root, nodePrice);
  }
  for (const group of allocation.groups()) {
    const supply = network.groupSupply[group] ?? 0;
    const worth = price - (groupPrice[group] ?? 0);
    if (worth < 0) throw new Error('no group costs more than touches to spare');
    bound -= worth * supply;
    for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
      const node = network.edgeNode[network.groupEdges[n] ?? 0] ?? 0;
      const k = (groupPrice[group] ?? 0) - (nodePrice[node] ?? 0);
      if (k > 1) throw new Error('an edge is never dearer than what is above its fair part');
      bound -= Math.max(0, k) * (rates[node] ?? 0) * supply;
    }
  }
  return bound;
}

function capsBelow(network: FlowNetwork, node: number, nodePrice: Int32Array): number {
  let sum = 0;
  for (let child = network.nodeFirstChild[node] ?? -1; child >= 0; child = network.nodeNextSibling[child] ?? -1) {
    sum += Math.max(0, (nodePrice[child] ?? 0) - (nodePrice[node] ?? 0)) * (network.nodeCap[child] ?? 0);
    sum += capsBelow(network, child, nodePrice);
  }
  return sum;
}
