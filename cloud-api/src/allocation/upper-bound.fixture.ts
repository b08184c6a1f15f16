import type { Allocation } from './allocation.ts';
import type { FlowNetwork } from './flow-network.ts';

/**
 * What no allocation can exceed, by weak duality, whatever the one at hand is worth: for each class the capacity of a cut below all demands that weigh at least as
 * much, times what they weigh more than the next class. Where it equals `weighted()`, that is the optimum, at any size and without a solver.
 *
 * Any set of nodes and groups makes a valid cut; the set that unsatisfied demands reach through what flows makes the tightest.
 */
export function upperBound(allocation: Allocation): number {
  const { network } = allocation;
  const roots = allocation.roots();
  const weights = [...new Set(roots.map((root) => network.nodeWeight[root] ?? 0))].sort((a, b) => b - a);
  const side = new CutSide(network);
  let bound = 0;
  weights.forEach((weight, n) => {
    for (const root of roots)
      if (network.nodeWeight[root] === weight && (network.nodeFlow[root] ?? 0) < (network.nodeCap[root] ?? 0))
        side.reach(root);
    const dear = roots.filter((root) => (network.nodeWeight[root] ?? 0) >= weight);
    bound += (weight - (weights[n + 1] ?? 0)) * side.capacity(dear);
  });
  return bound;
}

class CutSide {
  readonly #net: FlowNetwork;
  readonly #nodes: Uint8Array;
  readonly #groups: Uint8Array;
  #supply = 0;

  constructor(net: FlowNetwork) {
    this.#net = net;
    this.#nodes = new Uint8Array(net.nodes);
    this.#groups = new Uint8Array(net.groups);
  }

  /** Takes a node onto this side, and all that could give it something. */
  reach(start: number): void {
    const net = this.#net;
    const stack = [start];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (this.#nodes[node] === 1) continue;
      this.#nodes[node] = 1;
      for (let leg = net.nodeFirstLeg[node] ?? -1; leg >= 0; leg = net.legNext[leg] ?? -1)
        for (let edge = net.legFirst[leg] ?? 0; edge < (net.legEnd[leg] ?? 0); edge += 1)
          this.#reachGroup(net.edgeGroup[edge] ?? 0, stack);
      for (let child = net.nodeFirstChild[node] ?? -1; child >= 0; child = net.nodeNextSibling[child] ?? -1)
        if ((net.nodeFlow[child] ?? 0) < (net.nodeCap[child] ?? 0)) stack.push(child);
      const parent = net.nodeParent[node] ?? -1;
      if (parent >= 0 && (net.nodeFlow[node] ?? 0) > 0) stack.push(parent);
    }
  }

  #reachGroup(group: number, stack: number[]): void {
    const net = this.#net;
    if (this.#groups[group] === 1) return;
    this.#groups[group] = 1;
    this.#supply += net.groupSupply[group] ?? 0;
    for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) {
      const edge = net.groupEdges[n] ?? 0;
      if ((net.edgeFlow[edge] ?? 0) > 0) stack.push(net.edgeNode[edge] ?? 0);
    }
  }

  /** Of the arcs that leave this side: groups to the end, the start to roots beyond, and nodes of caps beyond. */
  capacity(roots: readonly number[]): number {
    let sum = this.#supply;
    for (const root of roots) sum += this.#nodes[root] === 1 ? this.#capsBelow(root) : (this.#net.nodeCap[root] ?? 0);
    return sum;
  }

  #capsBelow(node: number): number {
    const net = this.#net;
    let sum = 0;
    for (let child = net.nodeFirstChild[node] ?? -1; child >= 0; child = net.nodeNextSibling[child] ?? -1)
      sum += this.#nodes[child] === 1 ? this.#capsBelow(child) : (net.nodeCap[child] ?? 0);
    return sum;
  }
}
