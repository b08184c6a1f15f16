/**
 * The flow from demands to groups of cells, in flat arrays that grow.
 *
 * Demands are **nodes**: a root each, and below it, where it has caps, a node for each community and day and one for each segment of it (caps nest, so they
 * stay a tree and the whole stays a network). A **leg** is a node's run of edges in one community. An **edge** leads from a node to a group of cells. How much
 * an edge can carry is bounded by its ends alone, so that what is left of it is always: forward without limit, back as much as flows.
 */
export class FlowNetwork {
  nodes = 0;
  /** The node above; -1 for a root. */
  nodeParent = new Int32Array(64);
  /** What may flow into the node from above, and what does, in milli-touches. */
  nodeCap = new Float64Array(64);
  nodeFlow = new Float64Array(64);
  /** Of the root; 0 for nodes below and for those that are gone. */
  nodeWeight = new Float64Array(64);
  nodeFirstChild = new Int32Array(64);
  nodeNextSibling = new Int32Array(64);
  nodeFirstLeg = new Int32Array(64);

  legs = 0;
  legNext = new Int32Array(64);
  legFirst = new Int32Array(64);
  legEnd = new Int32Array(64);

  groups = 0;
  groupSupply = new Int32Array(64);
  groupUsed = new Int32Array(64);
  /** Range of `groupEdges`. */
  groupFirst = new Int32Array(64);
  groupEnd = new Int32Array(64);

  edges = 0;
  edgeNode = new Int32Array(256);
  edgeGroup = new Int32Array(256);
  edgeFlow = new Int32Array(256);
  /** The edges of each group, one run a group. */
  groupEdges = new Int32Array(256);

  /** Where flow changes are noted while they may have to be undone: kind, index, amount. */
  #notes: number[] | null = null;

  addNode(parent: number, cap: number, weight: number): number {
    const node = this.nodes++;
    if (node >= this.nodeParent.length) this.#growNodes();
    this.nodeParent[node] = parent;
    this.nodeCap[node] = cap;
    this.nodeFlow[node] = 0;
    this.nodeWeight[node] = weight;
    this.nodeFirstChild[node] = -1;
    this.nodeFirstLeg[node] = -1;
    this.nodeNextSibling[node] = -1;
    if (parent >= 0) {
      this.nodeNextSibling[node] = this.nodeFirstChild[parent] ?? -1;
      this.nodeFirstChild[parent] = node;
    }
    return node;
  }

  /** A leg without edges yet. */
  addLeg(node: number): number {
    const leg = this.legs++;
    if (leg >= this.legNext.length) {
      this.legNext = grown(this.legNext);
      this.legFirst = grown(this.legFirst);
      this.legEnd = grown(this.legEnd);
    }
    this.legNext[leg] = this.nodeFirstLeg[node] ?? -1;
    this.legFirst[leg] = 0;
    this.legEnd[leg] = 0;
    this.nodeFirstLeg[node] = leg;
    return leg;
  }

  /** Makes room for so many more groups and edges and returns where each begin; all arrays of the room are the caller's to fill. */
  reserve(groups: number, edges: number): { firstGroup: number; firstEdge: number } {
    const firstGroup = this.groups;
    const firstEdge = this.edges;
    this.groups += groups;
    this.edges += edges;
    while (this.groups > this.groupSupply.length) this.#growGroups();
    while (this.edges > this.edgeNode.length) this.#growEdges();
    return { firstGroup, firstEdge };
  }

  addEdgeFlow(edge: number, milliTouches: number): void {
    this.edgeFlow[edge] = (this.edgeFlow[edge] ?? 0) + milliTouches;
    if (this.#notes) this.#notes.push(0, edge, milliTouches);
  }

  addGroupUse(group: number, milliTouches: number): void {
    this.groupUsed[group] = (this.groupUsed[group] ?? 0) + milliTouches;
    if (this.#notes) this.#notes.push(1, group, milliTouches);
  }

  addNodeFlow(node: number, milliTouches: number): void {
    this.nodeFlow[node] = (this.nodeFlow[node] ?? 0) + milliTouches;
    if (this.#notes) this.#notes.push(2, node, milliTouches);
  }

  get isRecording(): boolean {
    return this.#notes !== null;
  }

  /** Notes what changes from here on, and returns what takes it all back, nodes, legs, groups and edges that were added included. */
  record(): () => void {
    const { nodes, legs, groups, edges } = this;
    const notes: number[] = [];
    this.#notes = notes;
    return () => {
      this.#notes = null;
      for (let n = notes.length - 3; n >= 0; n -= 3)
        this.#takeBack(notes[n] ?? 0, notes[n + 1] ?? 0, notes[n + 2] ?? 0);
      this.nodes = nodes;
      this.legs = legs;
      this.groups = groups;
      this.edges = edges;
    };
  }

  #takeBack(kind: number, index: number, milliTouches: number): void {
    if (kind === 0) this.addEdgeFlow(index, -milliTouches);
    else if (kind === 1) this.addGroupUse(index, -milliTouches);
    else this.addNodeFlow(index, -milliTouches);
  }

  #growNodes(): void {
    this.nodeParent = grown(this.nodeParent);
    this.nodeCap = grown(this.nodeCap);
    this.nodeFlow = grown(this.nodeFlow);
    this.nodeWeight = grown(this.nodeWeight);
    this.nodeFirstChild = grown(this.nodeFirstChild);
    this.nodeNextSibling = grown(this.nodeNextSibling);
    this.nodeFirstLeg = grown(this.nodeFirstLeg);
  }

  #growGroups(): void {
    this.groupSupply = grown(this.groupSupply);
    this.groupUsed = grown(this.groupUsed);
    this.groupFirst = grown(this.groupFirst);
    this.groupEnd = grown(this.groupEnd);
  }

  #growEdges(): void {
    this.edgeNode = grown(this.edgeNode);
    this.edgeGroup = grown(this.edgeGroup);
    this.edgeFlow = grown(this.edgeFlow);
    this.groupEdges = grown(this.groupEdges);
  }
}

function grown<T extends Int32Array | Float64Array>(array: T): T;
function grown(array: Int32Array | Float64Array): Int32Array | Float64Array {
  const larger = array instanceof Int32Array ? new Int32Array(array.length * 2) : new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
