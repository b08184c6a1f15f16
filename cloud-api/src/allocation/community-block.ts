import { apportion } from './apportion.ts';
import type { FlowNetwork } from './flow-network.ts';
import { groupOf, type CellGroups } from './group-cells.ts';
import { plannable, type Inventory } from './instance.ts';

/** One community in the network: its groups are those from `firstGroup` on, its edges those from `firstEdge` on, in the order of their legs. */
export interface CommunityBlock {
  readonly groups: CellGroups;
  readonly firstGroup: number;
  readonly firstEdge: number;
  readonly edges: number;
}

/** The leg of each membership of a group, by target; capped targets have one for each day and segment. */
export type LegOf = (target: number, day: number, segment: number) => { readonly leg: number; readonly node: number };

/** Appends the groups of a community and their edges, without any flow, and points the legs at them. */
export function appendBlock(net: FlowNetwork, groups: CellGroups, legOf: LegOf): CommunityBlock {
  const { supply, memberFirst, members, day, segment } = groups;
  const { firstGroup, firstEdge } = net.reserve(supply.length, members.length);
  const legs = new Int32Array(members.length);
  const nodes = new Int32Array(members.length);
  const counts = new Map<number, number>();
  for (let group = 0; group < supply.length; group += 1)
    for (let m = memberFirst[group] ?? 0; m < (memberFirst[group + 1] ?? 0); m += 1) {
      const { leg, node } = legOf(members[m] ?? 0, day[group] ?? -1, segment[group] ?? -1);
      legs[m] = leg;
      nodes[m] = node;
      counts.set(leg, (counts.get(leg) ?? 0) + 1);
    }
  let next = firstEdge;
  for (const [leg, count] of counts) {
    net.legFirst[leg] = net.legEnd[leg] = next;
    next += count;
  }
  for (let group = 0; group < supply.length; group += 1) {
    const at = firstGroup + group;
    net.groupSupply[at] = supply[group] ?? 0;
    net.groupUsed[at] = 0;
    net.groupFirst[at] = firstEdge + (memberFirst[group] ?? 0);
    net.groupEnd[at] = firstEdge + (memberFirst[group + 1] ?? 0);
    for (let m = memberFirst[group] ?? 0; m < (memberFirst[group + 1] ?? 0); m += 1) {
      const leg = legs[m] ?? 0;
      const edge = net.legEnd[leg] ?? 0;
      net.legEnd[leg] = edge + 1;
      net.edgeNode[edge] = nodes[m] ?? 0;
      net.edgeGroup[edge] = at;
      net.edgeFlow[edge] = 0;
      net.groupEdges[firstEdge + m] = edge;
    }
  }
  return { groups, firstGroup, firstEdge, edges: members.length };
}

/** Places of a community, by their range in the inventory. */
export interface PlaceRange {
  readonly firstPlace: number;
  readonly endPlace: number;
}

/**
 * Gives the new block of a community what flowed in the old one: each old group's flow is divided among the new groups that its cells lie in now, as whole
 * numbers that fit both.
 */
export function moveFlow(
  net: FlowNetwork,
  inventory: Inventory,
  range: PlaceRange,
  from: CommunityBlock,
  to: CommunityBlock,
): void {
  const parts = commonSupply(inventory, range, from.groups, to.groups);
  for (const [group, columns] of parts) moveGroup(net, from.firstGroup + group, to.firstGroup, columns);
}

/** Milli-touches that each old group has in common with each new one, -1 for those that are in none any more. */
function commonSupply(inventory: Inventory, { firstPlace }: PlaceRange, old: CellGroups, made: CellGroups) {
  const { segments, halfHours, supplyMilliTouches, offlinePpm } = inventory;
  const parts = new Map<number, Map<number, number>>();
  for (let slot = 0; slot < old.slotClass.length; slot += 1) {
    if (old.slotClass[slot] === 0) continue;
    const offline = offlinePpm[firstPlace + Math.floor(slot / halfHours)] ?? 0;
    for (let segment = 0; segment < segments; segment += 1) {
      const group = groupOf(old, segments, slot, segment);
      const milli = supplyMilliTouches[(firstPlace * halfHours + slot) * segments + segment] ?? 0;
      if (group < 0 || milli === 0) continue;
      const columns = parts.get(group) ?? new Map<number, number>();
      const into = groupOf(made, segments, slot, segment);
      columns.set(into, (columns.get(into) ?? 0) + plannable(milli, offline));
      parts.set(group, columns);
    }
  }
  return parts;
}

function moveGroup(net: FlowNetwork, group: number, firstNew: number, columns: ReadonlyMap<number, number>): void {
  if (net.groupUsed[group] === 0) return;
  const rows: { node: number; flow: number }[] = [];
  for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) {
    const edge = net.groupEdges[n] ?? 0;
    const flow = net.edgeFlow[edge] ?? 0;
    if (flow > 0) rows.push({ node: net.edgeNode[edge] ?? 0, flow });
  }
  const spare = (net.groupSupply[group] ?? 0) - (net.groupUsed[group] ?? 0);
  const into = [...columns.keys()];
  const shares = apportion([...rows.map(({ flow }) => flow), spare], [...columns.values()]);
  rows.forEach(({ node }, row) =>
    into.forEach((column, n) => {
      const share = shares[row * into.length + n] ?? 0;
      if (share > 0) addFlow(net, firstNew + column, node, share);
    }),
  );
}

function addFlow(net: FlowNetwork, group: number, node: number, milliTouches: number): void {
  for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) {
    const edge = net.groupEdges[n] ?? 0;
    if (net.edgeNode[edge] !== node) continue;
    net.edgeFlow[edge] = (net.edgeFlow[edge] ?? 0) + milliTouches;
    net.groupUsed[group] = (net.groupUsed[group] ?? 0) + milliTouches;
    return;
  }
}
