import type { Allocation } from './allocation.ts';

/**
 * How far what demands get is from proportional, 0 to 1: of each demand's touches, the part that would have to move to another cell for its share of every cell
 * to be the same (half the L1 distance between where it plays and where its audience is), averaged by touches. Cells of a group share alike, so it is taken over groups.
 * `flows`, by edge, are those of the allocation unless others are to be looked at.
 */
export function spreadOf(allocation: Allocation, flows: ArrayLike<number> = allocation.network.edgeFlow): number {
  const { network } = allocation;
  const amount = new Float64Array(network.nodes);
  const audience = new Float64Array(network.nodes);
  const moved = new Float64Array(network.nodes);
  const groups = allocation.groups();
  const rootOf = new Map(allocation.roots().map((root) => [root, root]));
  const eachEdge = (visit: (root: number, flow: number, supply: number) => void) => {
    for (const group of groups)
      for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
        const edge = network.groupEdges[n] ?? 0;
        const node = network.edgeNode[edge] ?? 0;
        const root = rootOf.get(node) ?? allocation.rootOf(node);
        visit(root, flows[edge] ?? 0, network.groupSupply[group] ?? 0);
      }
  };
  eachEdge((root, flow, supply) => {
    amount[root] = (amount[root] ?? 0) + flow;
    audience[root] = (audience[root] ?? 0) + supply;
  });
  eachEdge((root, flow, supply) => {
    const fair = ((amount[root] ?? 0) * supply) / (audience[root] ?? 1);
    moved[root] = (moved[root] ?? 0) + Math.abs(flow - fair) / 2;
  });
  const all = amount.reduce((sum, each) => sum + each, 0);
  return all === 0 ? 0 : moved.reduce((sum, each) => sum + each, 0) / all;
}
