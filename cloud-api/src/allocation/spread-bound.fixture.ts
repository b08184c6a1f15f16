import type { Allocation } from './allocation.ts';

/**
 * What no plan of the same amounts is more even than, as `spreadOf` counts: in proportional delivery a group of cells would be asked for so much, and what that is
 * more than it has is somewhere else in every plan. A lower bound only, as what is moved may have to push others on.
 */
export function spreadAtLeast(allocation: Allocation): number {
  const { network } = allocation;
  const amount = new Float64Array(network.nodes);
  const audience = new Float64Array(network.nodes);
  const groups = allocation.groups();
  const rootOf = new Map(allocation.roots().map((root) => [root, root]));
  const eachEdge = (visit: (group: number, root: number, edge: number) => void) => {
    for (const group of groups)
      for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
        const edge = network.groupEdges[n] ?? 0;
        const node = network.edgeNode[edge] ?? 0;
        visit(group, rootOf.get(node) ?? allocation.rootOf(node), edge);
      }
  };
  eachEdge((group, root, edge) => {
    amount[root] = (amount[root] ?? 0) + (network.edgeFlow[edge] ?? 0);
    audience[root] = (audience[root] ?? 0) + (network.groupSupply[group] ?? 0);
  });
  const asked = new Float64Array(network.groups);
  eachEdge((group, root) => {
    const part = (amount[root] ?? 0) / (audience[root] ?? 1);
    asked[group] = (asked[group] ?? 0) + part * (network.groupSupply[group] ?? 0);
  });
  let moved = 0;
  for (const group of groups) moved += Math.max(0, (asked[group] ?? 0) - (network.groupSupply[group] ?? 0));
  const all = amount.reduce((sum, each) => sum + each, 0);
  return all === 0 ? 0 : moved / all;
}
