import { invariant } from '@gatecast/firmware-protocol';
import type { FlowNetwork } from './flow-network.ts';

const viaChild = -1;
const viaParent = -2;

/**
 * Minimum-cost flow by the primal-dual method (Ford and Fulkerson 1962; Ahuja, Magnanti, Orlin, Network Flows, 9.8), where a milli-touch costs 1 if it is more
 * than a demand's fair part of its group, and nothing otherwise: the sum of costs is what `spreadOf` counts. Costs are 0 and 1, so prices are small whole
 * numbers, and between two raises of them a blocking flow after Dinic takes every path of that cost.
 *
 * With k, the price of a group less that of a node, an edge carries nothing if k < 0, up to the fair part if k = 0, and that or more if k = 1; paths go along
 * edges with k = 0 or 1 within these bounds, and along the tree of caps between equal prices. Amounts are whole and the order is that of the arrays.
 */
export class EvenFlow {
  readonly #net: FlowNetwork;
  /** Of each node: what it gets by its audience, as part of that audience. */
  readonly #rate: Float64Array;
  /** What the cheapest path from a wanting root to here costs; no more than `price`. */
  readonly nodePrice: Int32Array;
  readonly groupPrice: Int32Array;
  /** What the cheapest path to touches to spare costs. */
  price = 0;
  /** 0: not seen in this search; -1: no way on from there. */
  readonly #nodeLevel: Int32Array;
  readonly #groupLevel: Int32Array;
  readonly #cursorLeg: Int32Array;
  readonly #cursorEdge: Int32Array;
  readonly #cursorChild: Int32Array;
  readonly #cursorGroup: Int32Array;
  /** Nodes as they are, groups as -1 - group. */
  readonly #queue: Int32Array;
  #queued = 0;
  #sinkLevel = 0;
  readonly #path: number[] = [];
  readonly #via: number[] = [];

  /** No edge may carry more than its fair part yet. */
  constructor(net: FlowNetwork, rate: Float64Array) {
    this.#net = net;
    this.#rate = rate;
    this.nodePrice = new Int32Array(net.nodes);
    this.groupPrice = new Int32Array(net.groups);
    this.#nodeLevel = new Int32Array(net.nodes);
    this.#groupLevel = new Int32Array(net.groups);
    this.#cursorLeg = new Int32Array(net.nodes);
    this.#cursorEdge = new Int32Array(net.nodes);
    this.#cursorChild = new Int32Array(net.nodes);
    this.#cursorGroup = new Int32Array(net.groups);
    this.#queue = new Int32Array(net.nodes + net.groups);
  }

  /**
   * Gives the roots what they still want by the cheapest paths, one cost after the other, in no more than so many searches. What is given costs the least that
   * it can; if nothing is missing after it, so does the whole. Returns what is missing.
   */
  fill(roots: readonly number[], searchesMax = Infinity): number {
    for (let searches = 0; ; searches += 1) {
      const wanting = roots.filter((root) => this.#missing(root) > 0);
      const missing = wanting.reduce((sum, root) => sum + this.#missing(root), 0);
      if (missing === 0 || searches >= searchesMax) return missing;
      if (this.#findLevels(wanting)) {
        let pushed = 0;
        for (const root of wanting) pushed += this.#pushRoot(root);
        invariant(pushed > 0, 'a search that found an end sends something there');
      } else this.#raisePrices();
    }
  }

  #missing(root: number): number {
    return (this.#net.nodeCap[root] ?? 0) - (this.#net.nodeFlow[root] ?? 0);
  }

  /** What no path of this cost leads to is one dearer from now on. */
  #raisePrices(): void {
    const { nodes, groups } = this.#net;
    // A path goes through each node at most once, and costs at most 1 there.
    invariant(this.price <= nodes, 'what demands had before they can have again');
    for (let node = 0; node < nodes; node += 1)
      if (this.#nodeLevel[node] === 0) this.nodePrice[node] = (this.nodePrice[node] ?? 0) + 1;
    for (let group = 0; group < groups; group += 1)
      if (this.#groupLevel[group] === 0) this.groupPrice[group] = (this.groupPrice[group] ?? 0) + 1;
    this.price += 1;
  }

  #findLevels(roots: readonly number[]): boolean {
    this.#nodeLevel.fill(0);
    this.#groupLevel.fill(0);
    this.#queued = 0;
    this.#sinkLevel = 0;
    for (const root of roots) this.#visitNode(root, 1);
    for (let at = 0; at < this.#queued; at += 1) {
      const each = this.#queue[at] ?? 0;
      const level = (each >= 0 ? this.#nodeLevel[each] : this.#groupLevel[-1 - each]) ?? 0;
      if (this.#sinkLevel > 0 && level >= this.#sinkLevel) break;
      if (each >= 0) this.#visitFromNode(each, level + 1);
      else this.#visitFromGroup(-1 - each, level + 1);
    }
    return this.#sinkLevel > 0;
  }

  #visitFromNode(node: number, level: number): void {
    const { nodeFirstLeg, legNext, legFirst, legEnd, edgeGroup, edgeFlow, groupSupply, groupUsed, groupFirst } =
      this.#net;
    const { groupPrice } = this;
    const groupLevel = this.#groupLevel;
    const price = this.nodePrice[node] ?? 0;
    const rate = this.#rate[node] ?? 0;
    for (let leg = nodeFirstLeg[node] ?? -1; leg >= 0; leg = legNext[leg] ?? -1)
      for (let edge = legFirst[leg] ?? 0, end = legEnd[leg] ?? 0; edge < end; edge += 1) {
        const group = edgeGroup[edge] ?? 0;
        if (groupLevel[group] !== 0) continue;
        const k = (groupPrice[group] ?? 0) - price;
        if (k !== 1 && (k !== 0 || (edgeFlow[edge] ?? 0) >= Math.floor(rate * (groupSupply[group] ?? 0)))) continue;
        groupLevel[group] = level;
        this.#cursorGroup[group] = groupFirst[group] ?? 0;
        this.#queue[this.#queued++] = -1 - group;
        if ((groupUsed[group] ?? 0) < (groupSupply[group] ?? 0)) this.#sinkLevel = level;
      }
    this.#visitTree(node, level);
  }

  #visitTree(node: number, level: number): void {
    const { nodeParent, nodeFirstChild, nodeNextSibling, nodeCap, nodeFlow } = this.#net;
    const price = this.nodePrice[node] ?? 0;
    for (let child = nodeFirstChild[node] ?? -1; child >= 0; child = nodeNextSibling[child] ?? -1)
      if (this.nodePrice[child] === price && (nodeFlow[child] ?? 0) < (nodeCap[child] ?? 0))
        this.#visitNode(child, level);
    const parent = nodeParent[node] ?? -1;
    if (parent >= 0 && this.nodePrice[parent] === price && (nodeFlow[node] ?? 0) > 0) this.#visitNode(parent, level);
  }

  #visitFromGroup(group: number, level: number): void {
    const { groupFirst, groupEnd, groupEdges, edgeNode } = this.#net;
    const nodeLevel = this.#nodeLevel;
    for (let n = groupFirst[group] ?? 0, end = groupEnd[group] ?? 0; n < end; n += 1) {
      const edge = groupEdges[n] ?? 0;
      const node = edgeNode[edge] ?? 0;
      if (nodeLevel[node] === 0 && this.#back(edge, node, group) > 0) this.#visitNode(node, level);
    }
  }

  #visitNode(node: number, level: number): void {
    if (this.#nodeLevel[node] !== 0) return;
    const { nodeFirstLeg, nodeFirstChild, legFirst } = this.#net;
    const leg = nodeFirstLeg[node] ?? -1;
    this.#nodeLevel[node] = level;
    this.#cursorLeg[node] = leg;
    this.#cursorEdge[node] = leg >= 0 ? (legFirst[leg] ?? 0) : 0;
    this.#cursorChild[node] = nodeFirstChild[node] ?? -1;
    this.#queue[this.#queued++] = node;
  }

  /** What more an edge can carry at these prices. */
  #forward(edge: number, node: number, group: number): number {
    const k = (this.groupPrice[group] ?? 0) - (this.nodePrice[node] ?? 0);
    if (k === 1) return Infinity;
    return k === 0 ? this.fair(node, group) - (this.#net.edgeFlow[edge] ?? 0) : 0;
  }

  /** What of an edge's flow can go elsewhere at these prices. */
  #back(edge: number, node: number, group: number): number {
    const flow = this.#net.edgeFlow[edge] ?? 0;
    if (flow === 0) return 0;
    const k = (this.groupPrice[group] ?? 0) - (this.nodePrice[node] ?? 0);
    if (k === 0) return flow;
    return k === 1 ? flow - this.fair(node, group) : 0;
  }

  /** What a node would get of a group if it got as much of every one. */
  fair(node: number, group: number): number {
    return Math.floor((this.#rate[node] ?? 0) * (this.#net.groupSupply[group] ?? 0));
  }

  #pushRoot(root: number): number {
    const wanted = this.#missing(root);
    let left = wanted;
    this.#path[0] = root;
    for (let depth = 0; left > 0 && depth >= 0;) {
      const each = this.#path[depth] ?? 0;
      const room = this.#roomAtEnd(each);
      if (room > 0) {
        let sent = Math.min(left, room);
        for (let at = 1; at <= depth; at += 1) sent = Math.min(sent, this.#residual(at));
        invariant(sent > 0 && Number.isSafeInteger(sent), 'a path that was found carries whole milli-touches');
        left -= sent;
        depth = this.#send(depth, sent);
      } else if (this.#advance(each, depth + 1)) depth += 1;
      else {
        if (each >= 0) this.#nodeLevel[each] = -1;
        else this.#groupLevel[-1 - each] = -1;
        depth -= 1;
      }
    }
    if (left < wanted) this.#net.addNodeFlow(root, wanted - left);
    return wanted - left;
  }

  #roomAtEnd(each: number): number {
    const group = -1 - each;
    if (each >= 0 || this.#groupLevel[group] !== this.#sinkLevel) return 0;
    return (this.#net.groupSupply[group] ?? 0) - (this.#net.groupUsed[group] ?? 0);
  }

  #residual(at: number): number {
    const { nodeCap, nodeFlow } = this.#net;
    const from = this.#path[at - 1] ?? 0;
    const to = this.#path[at] ?? 0;
    const via = this.#via[at] ?? 0;
    if (via === viaChild) return (nodeCap[to] ?? 0) - (nodeFlow[to] ?? 0);
    if (via === viaParent) return nodeFlow[from] ?? 0;
    return to < 0 ? this.#forward(via, from, -1 - to) : this.#back(via, to, -1 - from);
  }

  /** Sends it along the path, and returns the depth of the first place from where it cannot go on as it did. */
  #send(depth: number, milliTouches: number): number {
    const net = this.#net;
    net.addGroupUse(-1 - (this.#path[depth] ?? 0), milliTouches);
    let open = depth;
    for (let at = depth; at >= 1; at -= 1) {
      const to = this.#path[at] ?? 0;
      const via = this.#via[at] ?? 0;
      if (via === viaChild) net.addNodeFlow(to, milliTouches);
      else if (via === viaParent) net.addNodeFlow(this.#path[at - 1] ?? 0, -milliTouches);
      else net.addEdgeFlow(via, to < 0 ? milliTouches : -milliTouches);
      if (this.#residual(at) === 0) open = at - 1;
    }
    return open;
  }

  #advance(each: number, depth: number): boolean {
    const level = (each >= 0 ? this.#nodeLevel[each] : this.#groupLevel[-1 - each]) ?? 0;
    if (level >= this.#sinkLevel) return false;
    if (each < 0) return this.#advanceFromGroup(-1 - each, level + 1, depth);
    return this.#advanceToGroup(each, level + 1, depth) || this.#advanceInTree(each, level + 1, depth);
  }

  #advanceToGroup(node: number, level: number, depth: number): boolean {
    const { legNext, legFirst, legEnd, edgeGroup } = this.#net;
    const groupLevel = this.#groupLevel;
    for (let leg = this.#cursorLeg[node] ?? -1; leg >= 0;) {
      for (let edge = this.#cursorEdge[node] ?? 0, end = legEnd[leg] ?? 0; edge < end; edge += 1) {
        const group = edgeGroup[edge] ?? 0;
        if (groupLevel[group] !== level || this.#forward(edge, node, group) <= 0) continue;
        this.#cursorEdge[node] = edge;
        return this.#step(depth, -1 - group, edge);
      }
      leg = legNext[leg] ?? -1;
      this.#cursorLeg[node] = leg;
      this.#cursorEdge[node] = leg >= 0 ? (legFirst[leg] ?? 0) : 0;
    }
    return false;
  }

  #advanceInTree(node: number, level: number, depth: number): boolean {
    const { nodeParent, nodeNextSibling, nodeCap, nodeFlow } = this.#net;
    const price = this.nodePrice[node] ?? 0;
    for (let child = this.#cursorChild[node] ?? -1; child >= 0; child = nodeNextSibling[child] ?? -1) {
      this.#cursorChild[node] = child;
      if (
        this.#nodeLevel[child] === level &&
        this.nodePrice[child] === price &&
        (nodeFlow[child] ?? 0) < (nodeCap[child] ?? 0)
      )
        return this.#step(depth, child, viaChild);
    }
    this.#cursorChild[node] = -1;
    const parent = nodeParent[node] ?? -1;
    if (parent < 0 || this.#nodeLevel[parent] !== level || this.nodePrice[parent] !== price) return false;
    return (nodeFlow[node] ?? 0) > 0 && this.#step(depth, parent, viaParent);
  }

  #advanceFromGroup(group: number, level: number, depth: number): boolean {
    const { groupEnd, groupEdges, edgeNode } = this.#net;
    const nodeLevel = this.#nodeLevel;
    for (let n = this.#cursorGroup[group] ?? 0, end = groupEnd[group] ?? 0; n < end; n += 1) {
      const edge = groupEdges[n] ?? 0;
      const node = edgeNode[edge] ?? 0;
      if (nodeLevel[node] !== level || this.#back(edge, node, group) <= 0) continue;
      this.#cursorGroup[group] = n;
      return this.#step(depth, node, edge);
    }
    return false;
  }

  #step(depth: number, to: number, via: number): true {
    this.#path[depth] = to;
    this.#via[depth] = via;
    return true;
  }
}
