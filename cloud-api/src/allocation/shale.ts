import type { FlowNetwork } from './flow-network.ts';

/** A node that takes touches itself: how many it is to get, and how large its audience is. */
interface Contract {
  readonly node: number;
  readonly milliTouches: number;
  readonly supply: number;
}

/**
 * Two prices, one for each node that takes touches and one for each group of cells, after SHALE (Bharadwaj et al., KDD 2012): the node gets
 * `θ · max(0, price of node − price of group)` of the group's touches, where θ is what it asks for as part of all that it could have. All prices of groups 0 and
 * of nodes 1 is proportional delivery; a contended group costs more, and whoever falls short for it bids more everywhere else.
 */
export interface Duals {
  readonly ofNode: Float64Array;
  readonly ofGroup: Float64Array;
  readonly theta: Float64Array;
}

/** Newton's steps towards one price. They never step over the solution, and each settles at least one more group or node; a few are enough. */
const stepsMax = 30;
/** Of a whole: where a price is good enough. */
const tolerance = 1e-9;

/**
 * Prices after so many rounds. The roots' demand is what the flow has found deliverable, so that there is a solution and no price runs away.
 * Linear in the edges for each round; stopped after any, it is feasible in supply and close in demand.
 */
export function shaleDuals(net: FlowNetwork, groups: Int32Array, roots: readonly number[], rounds: number): Duals {
  const contracts = roots.flatMap((root) => contractsOf(net, root, net.nodeFlow[root] ?? 0));
  const duals: Duals = {
    ofNode: new Float64Array(net.nodes).fill(1),
    ofGroup: new Float64Array(net.groups),
    theta: new Float64Array(net.nodes),
  };
  for (const { node, milliTouches, supply } of contracts) duals.theta[node] = supply > 0 ? milliTouches / supply : 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const group of groups) priceGroup(net, duals, group);
    for (const contract of contracts) if (contract.milliTouches > 0) priceNode(net, duals, contract);
  }
  for (const group of groups) priceGroup(net, duals, group);
  return duals;
}

/** The price at which a group is not promised more than once: 0, or the zero of a falling convex function, approached from below. */
function priceGroup(net: FlowNetwork, { ofNode, ofGroup, theta }: Duals, group: number): void {
  const { groupEdges, edgeNode } = net;
  const first = net.groupFirst[group] ?? 0;
  const end = net.groupEnd[group] ?? 0;
  let price = ofGroup[group] ?? 0;
  for (let step = 0; step < stepsMax; step += 1) {
    let taken = 0;
    let slope = 0;
    for (let n = first; n < end; n += 1) {
      const node = edgeNode[groupEdges[n] ?? 0] ?? 0;
      const margin = (ofNode[node] ?? 0) - price;
      if (margin <= 0) continue;
      taken += (theta[node] ?? 0) * margin;
      slope += theta[node] ?? 0;
    }
    const over = taken - 1;
    if (Math.abs(over) < tolerance || (over < 0 && price === 0)) break;
    // Above the highest bid nobody takes anything: start anew from free.
    price = slope === 0 ? 0 : Math.max(0, price + over / slope);
  }
  ofGroup[group] = price;
}

/** The price at which a node gets what it is to get: the zero of a rising convex function, approached from above. */
function priceNode(net: FlowNetwork, { ofNode, ofGroup }: Duals, { node, supply }: Contract): void {
  const { legNext, legFirst, legEnd, edgeGroup, groupSupply } = net;
  let price = ofNode[node] ?? 1;
  for (let step = 0; step < stepsMax; step += 1) {
    let got = 0;
    let slope = 0;
    let cheapest = Infinity;
    for (let leg = net.nodeFirstLeg[node] ?? -1; leg >= 0; leg = legNext[leg] ?? -1)
      for (let edge = legFirst[leg] ?? 0, end = legEnd[leg] ?? 0; edge < end; edge += 1) {
        const group = edgeGroup[edge] ?? 0;
        const cost = ofGroup[group] ?? 0;
        if (cost < cheapest) cheapest = cost;
        if (cost >= price) continue;
        got += (groupSupply[group] ?? 0) * (price - cost);
        slope += groupSupply[group] ?? 0;
      }
    if (Math.abs(got - supply) < tolerance * supply) break;
    // θ times the audience is the demand, so that the sum of supply × margin has to be the audience itself.
    price = slope === 0 ? cheapest + 1 : price + (supply - got) / slope;
  }
  ofNode[node] = price;
}

/** A root without caps, or the lowest nodes below it, each with its fair part of the amount: as its audience is, up to its cap. */
function contractsOf(net: FlowNetwork, node: number, milliTouches: number): Contract[] {
  const children: number[] = [];
  for (let child = net.nodeFirstChild[node] ?? -1; child >= 0; child = net.nodeNextSibling[child] ?? -1)
    children.push(child);
  if (children.length === 0) return [{ node, milliTouches, supply: audienceOf(net, node) }];
  const parts = levelled(
    milliTouches,
    children.map((child) => ({ size: audienceOf(net, child), cap: reachOf(net, child) })),
  );
  return children.flatMap((child, n) => contractsOf(net, child, parts[n] ?? 0));
}

/** Milli-touches of all groups that a node can have, through its own edges or those below it. */
function audienceOf(net: FlowNetwork, node: number): number {
  let sum = 0;
  for (let leg = net.nodeFirstLeg[node] ?? -1; leg >= 0; leg = net.legNext[leg] ?? -1)
    for (let edge = net.legFirst[leg] ?? 0; edge < (net.legEnd[leg] ?? 0); edge += 1)
      sum += net.groupSupply[net.edgeGroup[edge] ?? 0] ?? 0;
  for (let child = net.nodeFirstChild[node] ?? -1; child >= 0; child = net.nodeNextSibling[child] ?? -1)
    sum += audienceOf(net, child);
  return sum;
}

/** What a node can take at most: its cap, its audience, and what those below it can take. */
function reachOf(net: FlowNetwork, node: number): number {
  const first = net.nodeFirstChild[node] ?? -1;
  if (first < 0) return Math.min(net.nodeCap[node] ?? 0, audienceOf(net, node));
  let below = 0;
  for (let child = first; child >= 0; child = net.nodeNextSibling[child] ?? -1) below += reachOf(net, child);
  return Math.min(net.nodeCap[node] ?? 0, below);
}

/** Divides an amount in proportion to sizes where caps allow; what they hold back goes to the others. */
function levelled(amount: number, parts: readonly { readonly size: number; readonly cap: number }[]): number[] {
  const given = parts.map(() => 0);
  const fullFirst = [...parts.entries()]
    .filter(([, { size }]) => size > 0)
    .sort(([, a], [, b]) => a.cap / a.size - b.cap / b.size);
  let left = amount;
  let sizes = fullFirst.reduce((sum, [, { size }]) => sum + size, 0);
  for (const [n, { size, cap }] of fullFirst) {
    given[n] = Math.min(cap, (left * size) / sizes);
    left -= given[n] ?? 0;
    sizes -= size;
  }
  return given;
}
