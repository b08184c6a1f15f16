import type { FlowNetwork } from './flow-network.ts';
import { isCapped } from './group-cells.ts';
import type { Demand, Inventory } from './instance.ts';

/** A demand in the network: its root, and what hangs on it. */
export interface PlacedDemand {
  demand: Demand;
  readonly root: number;
  /** Without caps: its leg in each community. */
  readonly legs: Map<number, number>;
  /** With caps: the node of each community and day, and of each segment in it. */
  readonly capNodes: Map<number, number>;
}

export function placeDemand(net: FlowNetwork, demand: Demand): PlacedDemand {
  const root = net.addNode(-1, demand.milliTouches, demand.weight);
  return { demand, root, legs: new Map(), capNodes: new Map() };
}

/** The leg that leads to a group of a community, made when it is first asked for. `day` and `segment` are those of the group where the demand has caps. */
export function legIn(
  net: FlowNetwork,
  { segments, halfHours }: Inventory,
  placed: PlacedDemand,
  at: { readonly community: number; readonly day: number; readonly segment: number },
): { leg: number; node: number } {
  if (!isCapped(placed.demand)) {
    const leg = placed.legs.get(at.community) ?? net.addLeg(placed.root);
    placed.legs.set(at.community, leg);
    return { leg, node: placed.root };
  }
  const { dayMilliTouches, segmentDayMilliTouches, usedFirstDay } = placed.demand.caps;
  const used = at.day === 0 ? (usedFirstDay?.get(at.community) ?? 0) : 0;
  // There are never more days than half-hours.
  const key = (at.community * halfHours + at.day) * (segments + 1);
  let node = placed.root;
  if (dayMilliTouches !== null) node = capNode(net, placed, key, node, Math.max(0, dayMilliTouches - used));
  if (segmentDayMilliTouches !== null) node = capNode(net, placed, key + 1 + at.segment, node, segmentDayMilliTouches);
  const leg = net.nodeFirstLeg[node] ?? -1;
  return { leg: leg >= 0 ? leg : net.addLeg(node), node };
}

function capNode(net: FlowNetwork, { capNodes }: PlacedDemand, key: number, parent: number, cap: number): number {
  const node = capNodes.get(key) ?? net.addNode(parent, cap, 0);
  capNodes.set(key, node);
  return node;
}

/** Takes so many milli-touches out of a node's edges and those of all below it. What flows into the node itself is the caller's. */
export function withdraw(net: FlowNetwork, node: number, milliTouches: number): void {
  let left = milliTouches;
  for (let leg = net.nodeFirstLeg[node] ?? -1; leg >= 0 && left > 0; leg = net.legNext[leg] ?? -1)
    for (let edge = net.legFirst[leg] ?? 0; edge < (net.legEnd[leg] ?? 0) && left > 0; edge += 1) {
      const taken = Math.min(left, net.edgeFlow[edge] ?? 0);
      if (taken === 0) continue;
      net.addEdgeFlow(edge, -taken);
      net.addGroupUse(net.edgeGroup[edge] ?? 0, -taken);
      left -= taken;
    }
  for (let child = net.nodeFirstChild[node] ?? -1; child >= 0 && left > 0; child = net.nodeNextSibling[child] ?? -1) {
    const taken = Math.min(left, net.nodeFlow[child] ?? 0);
    if (taken === 0) continue;
    withdraw(net, child, taken);
    net.addNodeFlow(child, -taken);
    left -= taken;
  }
}

/** Takes so many milli-touches away from a group's demands, those of the least weight first. Returns their roots. */
export function evict(net: FlowNetwork, group: number, milliTouches: number): number[] {
  const edges: number[] = [];
  for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) edges.push(net.groupEdges[n] ?? 0);
  const rootOf = (edge: number) => rootAbove(net, net.edgeNode[edge] ?? 0);
  edges.sort((a, b) => (net.nodeWeight[rootOf(a)] ?? 0) - (net.nodeWeight[rootOf(b)] ?? 0) || a - b);
  const roots = new Set<number>();
  let left = milliTouches;
  for (const edge of edges) {
    const taken = Math.min(left, net.edgeFlow[edge] ?? 0);
    if (taken === 0) continue;
    net.addEdgeFlow(edge, -taken);
    net.addGroupUse(group, -taken);
    for (let node = net.edgeNode[edge] ?? -1; node >= 0; node = net.nodeParent[node] ?? -1)
      net.addNodeFlow(node, -taken);
    roots.add(rootOf(edge));
    left -= taken;
  }
  return [...roots];
}

export function rootAbove(net: FlowNetwork, node: number): number {
  let root = node;
  for (let parent = net.nodeParent[node] ?? -1; parent >= 0; parent = net.nodeParent[root] ?? -1) root = parent;
  return root;
}
