import { invariant } from '@gatecast/firmware-protocol';
import type { FlowNetwork } from './flow-network.ts';

/** Where a path ends: at a group with touches to spare, or at a demand of that weight, which gives up what it had. */
type Sink = { readonly kind: 'spare' } | { readonly kind: 'displaced'; readonly weight: number };

/** No node weighs less than nothing. */
const nowhere: Sink = { kind: 'displaced', weight: -1 };

const viaChild = -1;
const viaParent = -2;

/**
 * Maximum flow after Dinic (1970): level graphs from all wanting roots at once, each emptied by a blocking flow. Amounts are integers, the order is that of the
 * arrays, so the same network always gets the same flow. What a root has is never reduced but by a `displaced` sink.
 */
export class MaxFlow {
  readonly #net: FlowNetwork;
  #nodeLevel = new Int32Array(0);
  #groupLevel = new Int32Array(0);
  #cursorLeg = new Int32Array(0);
  #cursorEdge = new Int32Array(0);
  #cursorChild = new Int32Array(0);
  #cursorGroup = new Int32Array(0);
  /** Nodes as they are, groups as -1 - group. */
  #queue = new Int32Array(0);
  #queued = 0;
  /** The path in hand, nodes and groups as in the queue, and the edge by which each was reached, or that it was a step in a tree of caps. */
  readonly #path: number[] = [];
  readonly #via: number[] = [];
  /** Levels of this search begin here, so that those of earlier ones need not be wiped. */
  #base = 1;
  #sinkLevel = 0;
  #sink: Sink = { kind: 'spare' };
  /** 1: no path to spare leads from this group, and none will until something is freed. */
  #full = new Uint8Array(0);
  #knowsAllFull = false;

  constructor(net: FlowNetwork) {
    this.#net = net;
  }

  /** Gives the roots as much of what they still want as can be had in all. Returns the milli-touches that were added. */
  fill(roots: readonly number[], sink: Sink = { kind: 'spare' }): number {
    this.#sink = sink;
    this.#makeRoom();
    let total = 0;
    for (let wanting = this.#wanting(roots); wanting.length > 0; wanting = this.#wanting(wanting)) {
      if (!this.#findLevels(wanting)) {
        this.#closeSearched();
        break;
      }
      let pushed = 0;
      for (const root of wanting) pushed += this.#pushRoot(root);
      // Where levels lead to an end, something can go there: amounts are whole numbers, so the search comes to its end.
      invariant(pushed > 0, 'a search that found an end sends something there');
      total += pushed;
    }
    return total;
  }

  /** Roots that these can reach, by whatever is full too: among them alone can a demand be displaced. */
  rootsInReach(roots: readonly number[]): number[] {
    this.#sink = nowhere;
    this.#makeRoom();
    this.#findLevels(roots);
    const { nodeParent } = this.#net;
    return [...this.#queue.subarray(0, this.#queued)].filter((each) => each >= 0 && nodeParent[each] === -1);
  }

  /**
   * Finds out which groups no path to spare leads from, so that searches leave them alone: what is full stays so whatever is added, and whichever way the same
   * amounts flow. Once, until `reopen` says that something has been freed.
   */
  closeFull(): void {
    if (this.#knowsAllFull) return;
    this.#makeRoom();
    const open = openGroups(this.#net);
    for (let group = 0; group < open.length; group += 1) this.#full[group] = 1 - (open[group] ?? 1);
    this.#knowsAllFull = true;
  }

  reopen(): void {
    this.#full.fill(0);
    this.#knowsAllFull = false;
  }

  /** A search for spare that came to no end has shown all that it saw to be full; in a rehearsal that holds for the rehearsal only. */
  #closeSearched(): void {
    if (this.#sink.kind !== 'spare' || this.#net.isRecording) return;
    for (const each of this.#queue.subarray(0, this.#queued)) if (each < 0) this.#full[-1 - each] = 1;
  }

  #wanting(roots: readonly number[]): number[] {
    const { nodeCap, nodeFlow } = this.#net;
    return roots.filter((root) => (nodeFlow[root] ?? 0) < (nodeCap[root] ?? 0));
  }

  /** Breadth first, no further than the first level on which a path can end. False if none can. */
  #findLevels(roots: readonly number[]): boolean {
    // The depth of a search is bounded by the queue; past two thousand million the levels are wiped once.
    if (this.#base > 2 ** 30) this.#wipe();
    this.#queued = 0;
    for (const root of roots) this.#visitNode(root, this.#base);
    this.#sinkLevel = 0;
    let level = this.#base;
    for (let at = 0; at < this.#queued; at += 1) {
      const each = this.#queue[at] ?? 0;
      level = (each >= 0 ? this.#nodeLevel[each] : this.#groupLevel[-1 - each]) ?? 0;
      if (this.#sinkLevel > 0 && level >= this.#sinkLevel) break;
      if (each >= 0) this.#visitFromNode(each, level + 1);
      else this.#visitFromGroup(-1 - each, level + 1);
    }
    this.#base = level + 2;
    return this.#sinkLevel > 0;
  }

  #visitFromNode(node: number, level: number): void {
    const { nodeFirstLeg, legNext, legFirst, legEnd, edgeGroup, groupSupply, groupUsed } = this.#net;
    const first = this.#base;
    const groupLevel = this.#groupLevel;
    const full = this.#sink.kind === 'spare' ? this.#full : undefined;
    for (let leg = nodeFirstLeg[node] ?? -1; leg >= 0; leg = legNext[leg] ?? -1)
      for (let edge = legFirst[leg] ?? 0, end = legEnd[leg] ?? 0; edge < end; edge += 1) {
        const group = edgeGroup[edge] ?? 0;
        if ((groupLevel[group] ?? 0) >= first || full?.[group] === 1) continue;
        groupLevel[group] = level;
        this.#cursorGroup[group] = this.#net.groupFirst[group] ?? 0;
        this.#queue[this.#queued++] = -1 - group;
        if (this.#sink.kind === 'spare' && (groupUsed[group] ?? 0) < (groupSupply[group] ?? 0)) this.#sinkLevel = level;
      }
    this.#visitTree(node, level);
  }

  #visitTree(node: number, level: number): void {
    const { nodeParent, nodeFirstChild, nodeNextSibling, nodeCap, nodeFlow } = this.#net;
    for (let child = nodeFirstChild[node] ?? -1; child >= 0; child = nodeNextSibling[child] ?? -1)
      if ((nodeFlow[child] ?? 0) < (nodeCap[child] ?? 0)) this.#visitNode(child, level);
    const parent = nodeParent[node] ?? -1;
    if (parent >= 0 && (nodeFlow[node] ?? 0) > 0) this.#visitNode(parent, level);
  }

  #visitFromGroup(group: number, level: number): void {
    const { groupFirst, groupEnd, groupEdges, edgeFlow, edgeNode } = this.#net;
    for (let n = groupFirst[group] ?? 0, end = groupEnd[group] ?? 0; n < end; n += 1) {
      const edge = groupEdges[n] ?? 0;
      if ((edgeFlow[edge] ?? 0) > 0) this.#visitNode(edgeNode[edge] ?? 0, level);
    }
  }

  #visitNode(node: number, level: number): void {
    if ((this.#nodeLevel[node] ?? 0) >= this.#base) return;
    const { nodeFirstLeg, nodeFirstChild, legFirst } = this.#net;
    const leg = nodeFirstLeg[node] ?? -1;
    this.#nodeLevel[node] = level;
    this.#cursorLeg[node] = leg;
    this.#cursorEdge[node] = leg >= 0 ? (legFirst[leg] ?? 0) : 0;
    this.#cursorChild[node] = nodeFirstChild[node] ?? -1;
    this.#queue[this.#queued++] = node;
    if (this.#isDisplaced(node)) this.#sinkLevel = level;
  }

  #isDisplaced(node: number): boolean {
    const { nodeWeight, nodeFlow } = this.#net;
    return this.#sink.kind === 'displaced' && nodeWeight[node] === this.#sink.weight && (nodeFlow[node] ?? 0) > 0;
  }

  /** Depth first along the levels, one path after the other, until the root has what it wants or no path is left. Without recursion: paths can be long. */
  #pushRoot(root: number): number {
    const { nodeCap, nodeFlow } = this.#net;
    const wanted = (nodeCap[root] ?? 0) - (nodeFlow[root] ?? 0);
    let left = wanted;
    this.#path[0] = root;
    for (let depth = 0; left > 0 && depth >= 0;) {
      const each = this.#path[depth] ?? 0;
      const room = this.#roomAtEnd(each);
      if (room > 0) {
        const sent = this.#sendable(depth, Math.min(left, room));
        invariant(sent > 0 && Number.isSafeInteger(sent), 'a path that was found carries whole milli-touches');
        left -= sent;
        depth = this.#send(depth, sent);
      } else if (this.#advance(each, depth + 1)) depth += 1;
      else {
        this.#setLevel(each, 0);
        depth -= 1;
      }
    }
    if (left < wanted) this.#net.addNodeFlow(root, wanted - left);
    return wanted - left;
  }

  /** What a path can leave where it stands: 0 where paths do not end. */
  #roomAtEnd(each: number): number {
    const { groupSupply, groupUsed, nodeFlow } = this.#net;
    if (each >= 0) return this.#isDisplaced(each) ? (nodeFlow[each] ?? 0) : 0;
    const group = -1 - each;
    if (this.#sink.kind !== 'spare' || this.#groupLevel[group] !== this.#sinkLevel) return 0;
    return (groupSupply[group] ?? 0) - (groupUsed[group] ?? 0);
  }

  /** The least of `want` and what each step of the path up to `depth` can carry. */
  #sendable(depth: number, want: number): number {
    let least = want;
    for (let at = 1; at <= depth; at += 1) least = Math.min(least, this.#residual(at));
    return least;
  }

  /** What step `at` of the path can carry still. */
  #residual(at: number): number {
    const { edgeFlow, nodeCap, nodeFlow } = this.#net;
    const to = this.#path[at] ?? 0;
    const via = this.#via[at] ?? 0;
    if (via === viaChild) return (nodeCap[to] ?? 0) - (nodeFlow[to] ?? 0);
    if (via === viaParent) return nodeFlow[this.#path[at - 1] ?? 0] ?? 0;
    return to < 0 ? Infinity : (edgeFlow[via] ?? 0);
  }

  /** Sends it along the path, and returns the depth of the first place from where it cannot go on as it did. */
  #send(depth: number, milliTouches: number): number {
    const net = this.#net;
    const end = this.#path[depth] ?? 0;
    if (end >= 0) net.addNodeFlow(end, -milliTouches);
    else net.addGroupUse(-1 - end, milliTouches);
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

  /** The next step down from a node or group, where there is one left. */
  #advance(each: number, depth: number): boolean {
    const level = (each >= 0 ? this.#nodeLevel[each] : this.#groupLevel[-1 - each]) ?? 0;
    if (level >= this.#sinkLevel) return false;
    if (each < 0) return this.#advanceFromGroup(-1 - each, level + 1, depth);
    return this.#advanceToGroup(each, level + 1, depth) || this.#advanceInTree(each, level + 1, depth);
  }

  #advanceToGroup(node: number, level: number, depth: number): boolean {
    const { legNext, legFirst, legEnd, edgeGroup } = this.#net;
    for (let leg = this.#cursorLeg[node] ?? -1; leg >= 0;) {
      for (let edge = this.#cursorEdge[node] ?? 0, end = legEnd[leg] ?? 0; edge < end; edge += 1) {
        const group = edgeGroup[edge] ?? 0;
        if (this.#groupLevel[group] !== level) continue;
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
    for (let child = this.#cursorChild[node] ?? -1; child >= 0; child = nodeNextSibling[child] ?? -1) {
      this.#cursorChild[node] = child;
      if (this.#nodeLevel[child] === level && (nodeFlow[child] ?? 0) < (nodeCap[child] ?? 0))
        return this.#step(depth, child, viaChild);
    }
    this.#cursorChild[node] = -1;
    const parent = nodeParent[node] ?? -1;
    if (parent < 0 || this.#nodeLevel[parent] !== level || (nodeFlow[node] ?? 0) === 0) return false;
    return this.#step(depth, parent, viaParent);
  }

  #advanceFromGroup(group: number, level: number, depth: number): boolean {
    const { groupEnd, groupEdges, edgeFlow, edgeNode } = this.#net;
    for (let n = this.#cursorGroup[group] ?? 0, end = groupEnd[group] ?? 0; n < end; n += 1) {
      const edge = groupEdges[n] ?? 0;
      const node = edgeNode[edge] ?? 0;
      if (this.#nodeLevel[node] !== level || (edgeFlow[edge] ?? 0) === 0) continue;
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

  #setLevel(each: number, level: number): void {
    if (each >= 0) this.#nodeLevel[each] = level;
    else this.#groupLevel[-1 - each] = level;
  }

  /** Room for all that the network has by now. */
  #makeRoom(): void {
    const { nodeParent, groupSupply } = this.#net;
    if (this.#nodeLevel.length === nodeParent.length && this.#groupLevel.length === groupSupply.length) return;
    this.#nodeLevel = new Int32Array(nodeParent.length);
    this.#cursorLeg = new Int32Array(nodeParent.length);
    this.#cursorEdge = new Int32Array(nodeParent.length);
    this.#cursorChild = new Int32Array(nodeParent.length);
    this.#groupLevel = new Int32Array(groupSupply.length);
    const full = new Uint8Array(groupSupply.length);
    full.set(this.#full);
    this.#full = full;
    this.#cursorGroup = new Int32Array(groupSupply.length);
    this.#queue = new Int32Array(nodeParent.length + groupSupply.length);
    this.#base = 1;
  }

  #wipe(): void {
    this.#nodeLevel.fill(0);
    this.#groupLevel.fill(0);
    this.#base = 1;
  }
}

/** For each group whether touches to spare can be reached from it, searched backwards from where they are. */
function openGroups(net: FlowNetwork): Uint8Array {
  const open = new Uint8Array(net.groups);
  const openNodes = new Uint8Array(net.nodes);
  const queue: number[] = [];
  const openGroup = (group: number) => {
    if (open[group] === 1) return;
    open[group] = 1;
    queue.push(-1 - group);
  };
  const openNode = (node: number) => {
    if (openNodes[node] === 1) return;
    openNodes[node] = 1;
    queue.push(node);
  };
  for (let group = 0; group < net.groups; group += 1)
    if ((net.groupUsed[group] ?? 0) < (net.groupSupply[group] ?? 0)) openGroup(group);
  for (let each = queue.pop(); each !== undefined; each = queue.pop())
    if (each >= 0) openBefore(net, each, openGroup, openNode);
    else {
      const group = -1 - each;
      for (let n = net.groupFirst[group] ?? 0; n < (net.groupEnd[group] ?? 0); n += 1)
        openNode(net.edgeNode[net.groupEdges[n] ?? 0] ?? 0);
    }
  return open;
}

/** What a node can be reached from: groups that it has something of, the node above if there is room in it, those below that have something. */
function openBefore(
  net: FlowNetwork,
  node: number,
  openGroup: (group: number) => void,
  openNode: (node: number) => void,
): void {
  for (let leg = net.nodeFirstLeg[node] ?? -1; leg >= 0; leg = net.legNext[leg] ?? -1)
    for (let edge = net.legFirst[leg] ?? 0; edge < (net.legEnd[leg] ?? 0); edge += 1)
      if ((net.edgeFlow[edge] ?? 0) > 0) openGroup(net.edgeGroup[edge] ?? 0);
  const parent = net.nodeParent[node] ?? -1;
  if (parent >= 0 && (net.nodeFlow[node] ?? 0) < (net.nodeCap[node] ?? 0)) openNode(parent);
  for (let child = net.nodeFirstChild[node] ?? -1; child >= 0; child = net.nodeNextSibling[child] ?? -1)
    if ((net.nodeFlow[child] ?? 0) > 0) openNode(child);
}
