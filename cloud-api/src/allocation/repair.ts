import type { FlowNetwork } from './flow-network.ts';
import type { Duals } from './shale.ts';

/**
 * Puts the shares that the prices say in place of the flow, rounded down and cut to what demands, caps and groups allow, so that what flows is feasible and
 * whole. Some of each demand is missing then, which a maximum flow from there makes good: it moves little, because little is missing.
 */
export function layFlow(net: FlowNetwork, groups: Int32Array, { ofNode, ofGroup, theta }: Duals): void {
  const wanted = new Float64Array(net.nodes);
  for (const group of groups)
    for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) {
      const edge = net.groupEdges[n] ?? 0;
      const node = net.edgeNode[edge] ?? 0;
      const margin = Math.max(0, (ofNode[node] ?? 0) - (ofGroup[group] ?? 0));
      const flow = Math.floor((theta[node] ?? 0) * margin * (net.groupSupply[group] ?? 0));
      net.edgeFlow[edge] = flow;
      for (let at = node; at >= 0; at = net.nodeParent[at] ?? -1) wanted[at] = (wanted[at] ?? 0) + flow;
    }
  const keep = keptParts(net, wanted);
  net.nodeFlow.fill(0, 0, net.nodes);
  for (const group of groups) {
    let used = 0;
    for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1) {
      const edge = net.groupEdges[n] ?? 0;
      const node = net.edgeNode[edge] ?? 0;
      const whole = Math.floor((net.edgeFlow[edge] ?? 0) * (keep[node] ?? 0));
      // Rounding within the price's tolerance may have promised a milli-touch too many.
      const flow = Math.min(whole, (net.groupSupply[group] ?? 0) - used);
      net.edgeFlow[edge] = flow;
      used += flow;
      for (let at = node; at >= 0; at = net.nodeParent[at] ?? -1) net.nodeFlow[at] = (net.nodeFlow[at] ?? 0) + flow;
    }
    net.groupUsed[group] = used;
  }
}

/** By how much what a node takes has to be cut so that it and every node above it keep their caps. */
function keptParts(net: FlowNetwork, wanted: Float64Array): Float64Array {
  const kept = new Float64Array(net.nodes);
  // A node is made after the one above it.
  for (let node = 0; node < net.nodes; node += 1) {
    const parent = net.nodeParent[node] ?? -1;
    const own = (wanted[node] ?? 0) > 0 ? Math.min(1, (net.nodeCap[node] ?? 0) / (wanted[node] ?? 1)) : 1;
    kept[node] = own * (parent >= 0 ? (kept[parent] ?? 1) : 1);
  }
  return kept;
}
