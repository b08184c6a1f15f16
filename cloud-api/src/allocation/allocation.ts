import { invariant, InvariantError } from '@gatecast/firmware-protocol';
import { appendBlock, moveFlow, type CommunityBlock } from './community-block.ts';
import { FlowNetwork } from './flow-network.ts';
import { groupCells, groupOf, type Target } from './group-cells.ts';
import {
  cellIndex,
  checkDemand,
  checkInventory,
  placeRanges,
  plannable,
  weightMin,
  type Demand,
  type Inventory,
} from './instance.ts';
import { MaxFlow } from './max-flow.ts';
import { evict, legIn, placeDemand, rootAbove, withdraw, type PlacedDemand } from './placed-demand.ts';

interface PlacedTarget extends Target {
  readonly placed: PlacedDemand;
}

interface Community {
  readonly targets: readonly PlacedTarget[];
  readonly block: CommunityBlock;
  readonly legs: readonly number[];
}

/** Room that changes leave behind is given back once it is so many edges and more than half of all. */
const wasteMin = 65_536;

/**
 * The exact maximum of weighted delivery, kept while demands and supply change.
 *
 * What demands can get together is a polymatroid, so serving the dearest class first, each to its maximum, is optimal (Edmonds 1970). A change is mended by
 * augmenting from where it happened: what is freed goes to the dearest who still want; who comes new takes what is spare, and then from the cheapest below.
 * Among demands of the same weight a shortage falls on whom it may. The inventory is the allocation's own from then on: `setSupply` writes to it.
 */
export class Allocation {
  readonly inventory: Inventory;
  network = new FlowNetwork();
  #flow = new MaxFlow(this.network);
  readonly #placeRanges: Int32Array;
  readonly #placed = new Map<string, PlacedDemand>();
  readonly #byRoot = new Map<number, PlacedDemand>();
  readonly #communities: (Community | undefined)[];
  #liveEdges = 0;
  /** What takes back the changes of a rehearsal, first to last. */
  #undo: (() => void)[] | null = null;

  constructor(inventory: Inventory) {
    this.inventory = inventory;
    this.#placeRanges = placeRanges(inventory);
    this.#communities = Array.from({ length: inventory.communities }, () => undefined);
  }

  has(id: string): boolean {
    return this.#placed.has(id);
  }

  ids(): string[] {
    return [...this.#placed.keys()];
  }

  demand(id: string): Demand {
    return this.#get(id).demand;
  }

  /** Milli-touches that the demand can be given together with all others. */
  deliverable(id: string): number {
    return this.network.nodeFlow[this.#get(id).root] ?? 0;
  }

  /** Sum of weight × milli-touches: what is at its maximum. */
  weighted(): number {
    let sum = 0;
    for (const { demand, root } of this.#placed.values()) sum += demand.weight * (this.network.nodeFlow[root] ?? 0);
    return sum;
  }

  /** Adds demands, whose ids must be new, and gives each its part of the maximum. The order in which they stand changes nothing. */
  addAll(demands: readonly Demand[]): void {
    const ordered = demands.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    ordered.forEach((demand, n) => {
      checkDemand(this.inventory, demand);
      invariant(!this.has(demand.id) && demand.id !== ordered[n - 1]?.id, `${demand.id}: a demand is added once`);
    });
    const coming = new Map<number, PlacedTarget[]>();
    const roots = ordered.map((demand) => {
      const placed = this.#place(demand);
      for (const { community, target } of this.#targetsOf(placed)) {
        const there = coming.get(community);
        if (there) there.push(target);
        else coming.set(community, [target]);
      }
      return placed.root;
    });
    for (const community of [...coming.keys()].sort((a, b) => a - b))
      this.#regroup(
        community,
        [...(this.#communities[community]?.targets ?? []), ...(coming.get(community) ?? [])],
        'more',
      );
    this.#fill(roots, true);
  }

  /** Adds one demand. Returns the milli-touches that it gets: what is spare, and what demands of less weight have to give up for it. */
  add(demand: Demand): number {
    this.addAll([demand]);
    return this.deliverable(demand.id);
  }

  /** Raises or lowers what a demand asks for. Returns what it gets. */
  change(id: string, milliTouches: number): number {
    this.#notInRehearsal();
    const placed = this.#get(id);
    const changed = { ...placed.demand, milliTouches };
    checkDemand(this.inventory, changed);
    placed.demand = changed;
    const { network } = this;
    const { root } = placed;
    network.nodeCap[root] = milliTouches;
    const excess = (network.nodeFlow[root] ?? 0) - milliTouches;
    if (excess <= 0) this.#fill([root], true);
    else {
      withdraw(network, root, excess);
      network.addNodeFlow(root, -excess);
      this.#fillAll();
    }
    return this.deliverable(id);
  }

  /** Takes a demand out; what it had goes to whoever still wants. */
  remove(id: string): void {
    this.#notInRehearsal();
    const placed = this.#get(id);
    const { network } = this;
    const { root } = placed;
    withdraw(network, root, network.nodeFlow[root] ?? 0);
    network.nodeFlow[root] = network.nodeCap[root] = network.nodeWeight[root] = 0;
    this.#placed.delete(id);
    this.#byRoot.delete(root);
    for (const { community } of this.#targetsOf(placed))
      this.#regroup(
        community,
        (this.#communities[community]?.targets ?? []).filter((target) => target.placed !== placed),
      );
    this.#compactIfWasteful();
    this.#fillAll();
  }

  /** Sets what one cell is expected to have. Demands move out of its way; those of the least weight give up what has no room any more. */
  setSupply(place: number, halfHour: number, segment: number, milliTouches: number): void {
    this.#notInRehearsal();
    const { inventory, network } = this;
    invariant(Number.isSafeInteger(milliTouches) && milliTouches >= 0, 'supply is a whole number');
    const at = cellIndex(inventory, place, halfHour, segment);
    const offline = inventory.offlinePpm[place] ?? 0;
    const grows = plannable(milliTouches, offline) - plannable(inventory.supplyMilliTouches[at] ?? 0, offline);
    inventory.supplyMilliTouches[at] = milliTouches;
    const of = inventory.placeCommunity[place] ?? 0;
    const community = this.#communities[of];
    if (!community || grows === 0) return;
    const slot = (place - (this.#placeRanges[of] ?? 0)) * inventory.halfHours + halfHour;
    const found = groupOf(community.block.groups, inventory.segments, slot, segment);
    if (found < 0) this.#regroup(of, community.targets);
    else {
      const group = community.block.firstGroup + found;
      network.groupSupply[group] = (network.groupSupply[group] ?? 0) + grows;
      const excess = (network.groupUsed[group] ?? 0) - (network.groupSupply[group] ?? 0);
      this.#flow.reopen();
      if (excess > 0) this.#fill(evict(network, group, excess), true);
    }
    this.#fillAll();
  }

  /** Does something and takes it all back, flow, groups and all. `act` may add demands and read; to change, remove or set anything in it throws InvariantError. */
  rehearse<T>(act: () => T): T {
    this.#notInRehearsal();
    this.#flow.closeFull();
    const undo: (() => void)[] = [];
    this.#undo = undo;
    const takeBack = this.network.record();
    try {
      return act();
    } finally {
      for (const step of undo.toReversed()) step();
      takeBack();
      this.#undo = null;
    }
  }

  /**
   * What each of these demands, all without caps and new, could have alone on top of all others: one quote for all of them, which changes nothing. Their cells are
   * told apart once, and what one tried is put back before the next.
   */
  spareOfEach(demands: readonly Demand[]): number[] {
    return this.rehearse(() => {
      this.addAll(demands.map((demand) => ({ ...demand, milliTouches: 0, weight: weightMin })));
      return demands.map(({ id, milliTouches }) => {
        const spare = this.rehearseAmount(id, milliTouches);
        this.rehearseAmount(id, 0);
        return spare;
      });
    });
  }

  /**
   * In a rehearsal, what a demand that was added in it gets of what is spare if it asks for so much; what it had beyond that is spare again. To ask again is much
   * cheaper than to add another one.
   */
  rehearseAmount(id: string, milliTouches: number): number {
    invariant(this.#undo !== null, 'amounts are tried in a rehearsal');
    const { root } = this.#get(id);
    const { network } = this;
    network.nodeCap[root] = milliTouches;
    const excess = (network.nodeFlow[root] ?? 0) - milliTouches;
    if (excess > 0) {
      withdraw(network, root, excess);
      network.addNodeFlow(root, -excess);
    } else this.#fill([root], false);
    return network.nodeFlow[root] ?? 0;
  }

  /** The groups of a community in the network; undefined where nobody wants anything. */
  block(community: number): CommunityBlock | undefined {
    return this.#communities[community]?.block;
  }

  /** All groups in use. */
  groups(): Int32Array {
    const found = new Int32Array(
      this.#communities.reduce((sum, each) => sum + (each?.block.groups.supply.length ?? 0), 0),
    );
    let count = 0;
    for (const community of this.#communities)
      for (let n = 0; n < (community?.block.groups.supply.length ?? 0); n += 1)
        found[count++] = (community?.block.firstGroup ?? 0) + n;
    return found;
  }

  firstPlace(community: number): number {
    return this.#placeRanges[community] ?? 0;
  }

  /**
   * Gives what is wanted, without taking from anybody: for whoever has moved the flow and asks for no more than there was. As all of it fits, no class has to go
   * before another, and one search serves them all.
   */
  refill(): void {
    this.#flow.reopen();
    this.#flow.fill(this.roots());
  }

  /** Whose node it is: a root, or one of its caps. */
  demandOf(node: number): Demand {
    const placed = this.#byRoot.get(rootAbove(this.network, node));
    if (!placed) throw new InvariantError('every node in use belongs to a demand');
    return placed.demand;
  }

  rootOf(node: number): number {
    return rootAbove(this.network, node);
  }

  /** Roots of all demands. */
  roots(): number[] {
    return [...this.#byRoot.keys()];
  }

  #notInRehearsal(): void {
    invariant(this.#undo === null, 'a rehearsal adds and reads, and nothing else');
  }

  #get(id: string): PlacedDemand {
    const placed = this.#placed.get(id);
    if (!placed) throw new InvariantError(`there is no demand ${id}`);
    return placed;
  }

  #place(demand: Demand): PlacedDemand {
    const placed = placeDemand(this.network, demand);
    this.#placed.set(demand.id, placed);
    this.#byRoot.set(placed.root, placed);
    this.#undo?.push(() => {
      this.#placed.delete(demand.id);
      this.#byRoot.delete(placed.root);
    });
    return placed;
  }

  /** The communities that a demand has places in, with its places there. */
  #targetsOf(placed: PlacedDemand): { community: number; target: PlacedTarget }[] {
    const { places } = placed.demand;
    const found = [];
    for (let firstPlace = 0, endPlace = 0; firstPlace < places.length; firstPlace = endPlace) {
      const community = this.inventory.placeCommunity[places[firstPlace] ?? 0] ?? 0;
      while (endPlace < places.length && (places[endPlace] ?? 0) < (this.#placeRanges[community + 1] ?? 0))
        endPlace += 1;
      found.push({ community, target: { placed, demand: placed.demand, firstPlace, endPlace } });
    }
    return found;
  }

  /** Groups a community's cells anew for these targets; what flowed there flows on. */
  #regroup(of: number, targets: readonly PlacedTarget[], change: 'more' | 'other' = 'other'): void {
    const old = this.#communities[of];
    const range = { firstPlace: this.#placeRanges[of] ?? 0, endPlace: this.#placeRanges[of + 1] ?? 0 };
    this.#emptyLegs(old?.legs ?? []);
    const known = old && change === 'more' ? { ...old.block.groups, targets: old.targets.length } : undefined;
    const groups = groupCells(this.inventory, range.firstPlace, range.endPlace, targets, known);
    const community = this.#append(of, targets, groups);
    if (old) moveFlow(this.network, this.inventory, range, old.block, community.block);
    this.#communities[of] = community;
    const grows = community.block.edges - (old?.block.edges ?? 0);
    this.#liveEdges += grows;
    this.#undo?.push(() => {
      this.#communities[of] = old;
      this.#liveEdges -= grows;
    });
  }

  #append(community: number, targets: readonly PlacedTarget[], groups: CommunityBlock['groups']): Community {
    const legs = new Set<number>();
    const block = appendBlock(this.network, groups, (n, day, segment) => {
      const target = targets[n];
      if (!target) throw new InvariantError('a group has targets of its community');
      const found = legIn(this.network, this.inventory, target.placed, { community, day, segment });
      legs.add(found.leg);
      return found;
    });
    return { targets, block, legs: [...legs] };
  }

  #emptyLegs(legs: readonly number[]): void {
    const { network } = this;
    if (this.#undo) {
      const ranges = legs.map((leg) => [leg, network.legFirst[leg] ?? 0, network.legEnd[leg] ?? 0] as const);
      this.#undo.push(() => {
        for (const [leg, first, end] of ranges) {
          network.legFirst[leg] = first;
          network.legEnd[leg] = end;
        }
      });
    }
    for (const leg of legs) network.legFirst[leg] = network.legEnd[leg] = 0;
  }

  /** All who still want, the dearest first. What was freed is spare, and nobody who has something is dearer than who could have had it. */
  #fillAll(): void {
    this.#flow.reopen();
    this.#fill(this.roots(), false);
  }

  #fill(roots: readonly number[], mayDisplace: boolean): void {
    const { nodeWeight, nodeCap, nodeFlow } = this.network;
    const classes = new Map<number, number[]>();
    for (const root of roots) {
      if ((nodeFlow[root] ?? 0) >= (nodeCap[root] ?? 0)) continue;
      const weight = nodeWeight[root] ?? 0;
      const those = classes.get(weight);
      if (those) those.push(root);
      else classes.set(weight, [root]);
    }
    const cheapest = mayDisplace ? this.#leastWeight() : Infinity;
    for (const weight of [...classes.keys()].sort((a, b) => b - a)) {
      const wanting = classes.get(weight) ?? [];
      this.#flow.fill(wanting);
      if (weight > cheapest) this.#displace(wanting, weight);
    }
  }

  /** Of those that have something. */
  #leastWeight(): number {
    const { nodeWeight, nodeFlow } = this.network;
    let least = Infinity;
    for (const root of this.#byRoot.keys())
      if ((nodeFlow[root] ?? 0) > 0) least = Math.min(least, nodeWeight[root] ?? Infinity);
    return least;
  }

  /** From the cheapest up, among those that can be reached at all. */
  #displace(wanting: readonly number[], weight: number): void {
    const { nodeWeight, nodeCap, nodeFlow } = this.network;
    const short = wanting.filter((root) => (nodeFlow[root] ?? 0) < (nodeCap[root] ?? 0));
    if (short.length === 0) return;
    const cheaper = new Set<number>();
    for (const root of this.#flow.rootsInReach(short))
      if ((nodeWeight[root] ?? 0) < weight && (nodeFlow[root] ?? 0) > 0) cheaper.add(nodeWeight[root] ?? 0);
    for (const each of [...cheaper].sort((a, b) => a - b))
      this.#flow.fill(wanting, { kind: 'displaced', weight: each });
  }

  #compactIfWasteful(): void {
    const waste = this.network.edges - this.#liveEdges;
    if (waste < wasteMin || waste < this.#liveEdges) return;
    const old = this.network;
    this.network = new FlowNetwork();
    this.#flow = new MaxFlow(this.network);
    const fresh = new Map([...this.#placed].map(([id, { demand }]) => [id, placeDemand(this.network, demand)]));
    this.#communities.forEach((community, of) => {
      if (!community) return;
      const targets = community.targets.flatMap((target) => {
        const placed = fresh.get(target.demand.id);
        return placed ? [{ ...target, placed }] : [];
      });
      this.#communities[of] = this.#append(of, targets, community.block.groups);
      this.#copyBlock(old, community.block, of);
    });
    this.#byRoot.clear();
    for (const [id, placed] of fresh) {
      this.#placed.set(id, placed);
      this.#byRoot.set(placed.root, placed);
    }
  }

  /** Supply and flow of a block that stands elsewhere now; what flows through its nodes follows. */
  #copyBlock(old: FlowNetwork, from: CommunityBlock, of: number): void {
    const { network } = this;
    const to = this.#communities[of]?.block;
    if (!to) return;
    for (let n = 0; n < from.groups.supply.length; n += 1) {
      network.groupSupply[to.firstGroup + n] = old.groupSupply[from.firstGroup + n] ?? 0;
      network.groupUsed[to.firstGroup + n] = old.groupUsed[from.firstGroup + n] ?? 0;
    }
    for (let n = 0; n < from.edges; n += 1) {
      const flow = old.edgeFlow[from.firstEdge + n] ?? 0;
      const edge = to.firstEdge + n;
      network.edgeFlow[edge] = flow;
      for (let node = network.edgeNode[edge] ?? -1; node >= 0; node = network.nodeParent[node] ?? -1)
        network.addNodeFlow(node, flow);
    }
  }
}

/** The allocation of these demands from an inventory. Throws InvariantError for arrays that do not fit each other. */
export function allocate(inventory: Inventory, demands: readonly Demand[]): Allocation {
  checkInventory(inventory);
  const allocation = new Allocation(inventory);
  allocation.addAll(demands);
  return allocation;
}
