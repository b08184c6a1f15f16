import type { Allocation } from './allocation.ts';
import { EvenFlow } from './even-flow.ts';
import type { FlowNetwork } from './flow-network.ts';
import { spreadOf } from './spread.ts';

/** Edges that may be looked at: all that it takes for a thousand communities, half a minute's for four thousand. A number of them, not a time, so that the same market has the same plan. */
const stepsMax = 300_000_000;

/**
 * Moves what demands have above their fair part of a group to where they have less, as far as the amounts allow: what `spreadOf` counts is then the least that it
 * can be, or close to it in a market so large that the steps are spent first. Each demand has to ask for exactly what it has, and keeps it to the milli-touch.
 * It is never less even than before. Returns whether it is known to be the least.
 */
export function evenOut(allocation: Allocation, steps = stepsMax): boolean {
  const { network } = allocation;
  const before = spreadOf(allocation);
  const putBack = keepFlow(network);
  const flow = new EvenFlow(network, fairRates(allocation));
  takeExcess(allocation, flow);
  const missing = flow.fill(allocation.roots(), Math.ceil(steps / Math.max(1, network.edges)));
  allocation.refill();
  if (missing === 0) return true;
  if (spreadOf(allocation) > before) putBack();
  return false;
}

/** Remembers what flows, and returns what puts it back. */
export function keepFlow(network: FlowNetwork): () => void {
  const edgeFlow = network.edgeFlow.slice(0, network.edges);
  const groupUsed = network.groupUsed.slice(0, network.groups);
  const nodeFlow = network.nodeFlow.slice(0, network.nodes);
  return () => {
    network.edgeFlow.set(edgeFlow);
    network.groupUsed.set(groupUsed);
    network.nodeFlow.set(nodeFlow);
  };
}

/** Of each node with edges: what its demand gets, as part of the whole audience that it could have. */
export function fairRates(allocation: Allocation): Float64Array {
  const { network } = allocation;
  const audience = new Float64Array(network.nodes);
  const rootOf = Int32Array.from({ length: network.nodes }, (_, node) => allocation.rootOf(node));
  for (const group of allocation.groups())
    for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
      const root = rootOf[network.edgeNode[network.groupEdges[n] ?? 0] ?? 0] ?? 0;
      audience[root] = (audience[root] ?? 0) + (network.groupSupply[group] ?? 0);
    }
  return Float64Array.from(rootOf, (root) =>
    (audience[root] ?? 0) > 0 ? (network.nodeFlow[root] ?? 0) / (audience[root] ?? 1) : 0,
  );
}

/** Takes from every edge what is above its fair part. */
export function takeExcess(allocation: Allocation, flow: EvenFlow): void {
  const { network } = allocation;
  for (const group of allocation.groups())
    for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
      const edge = network.groupEdges[n] ?? 0;
      const node = network.edgeNode[edge] ?? 0;
      const excess = (network.edgeFlow[edge] ?? 0) - flow.fair(node, group);
      if (excess <= 0) continue;
      network.addEdgeFlow(edge, -excess);
      network.addGroupUse(group, -excess);
      for (let at = node; at >= 0; at = network.nodeParent[at] ?? -1) network.addNodeFlow(at, -excess);
    }
}
