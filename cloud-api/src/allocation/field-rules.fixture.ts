import type { Allocation } from './allocation.ts';
import { hasHalfHour } from './half-hours.ts';
import { cellIndex, type Demand, type Inventory } from './instance.ts';

/** What a rule of the field makes of a market: milli-touches of each edge of the allocation's network, which is left as it is. */
export type EdgeFlows = Float64Array;

/**
 * Each demand in proportion to the forecast over all that it may have, half-hour by half-hour, and where that is more than there is all of them less alike: how
 * an ad server with contracts and an hourly interval divides them (Revive's AllocateZoneImpressions).
 */
export function proportionalHourly(allocation: Allocation): EdgeFlows {
  const { network } = allocation;
  const audience = audiences(allocation);
  const flows = new Float64Array(network.edges);
  for (const group of allocation.groups()) {
    const supply = network.groupSupply[group] ?? 0;
    let wanted = 0;
    eachEdge(allocation, group, (edge, root) => {
      const flow = ((network.nodeCap[root] ?? 0) * supply) / (audience[root] ?? 1);
      flows[edge] = flow;
      wanted += flow;
    });
    if (wanted > supply) eachEdge(allocation, group, (edge) => (flows[edge] = ((flows[edge] ?? 0) * supply) / wanted));
  }
  return flows;
}

/**
 * High-water mark (Chen et al., arXiv 1203.3593): the scarcest demands first, each at one rate of its whole audience, as high as it has to be where others
 * before it have left less.
 */
export function highWaterMark(allocation: Allocation): EdgeFlows {
  const { network } = allocation;
  const audience = audiences(allocation);
  const left = Float64Array.from(network.groupSupply.subarray(0, network.groups));
  const flows = new Float64Array(network.edges);
  for (const root of allocation.roots().sort((a, b) => (audience[a] ?? 0) - (audience[b] ?? 0) || a - b)) {
    const edges = edgesOf(allocation, root);
    const rate = rateFor(allocation, edges, left, network.nodeCap[root] ?? 0);
    for (const edge of edges) {
      const group = network.edgeGroup[edge] ?? 0;
      const flow = Math.min(left[group] ?? 0, rate * (network.groupSupply[group] ?? 0));
      flows[edge] = flow;
      left[group] = (left[group] ?? 0) - flow;
    }
  }
  return flows;
}

/** The rate at which what is left gives the amount; 1, everything, where it cannot. */
function rateFor({ network }: Allocation, edges: readonly number[], left: Float64Array, amount: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    let given = 0;
    for (const edge of edges) {
      const group = network.edgeGroup[edge] ?? 0;
      given += Math.min(left[group] ?? 0, middle * (network.groupSupply[group] ?? 0));
    }
    if (given >= amount) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The loop of a screen: whoever is booked in a half-hour plays as often as everybody else until it has what it bought, to whoever comes by; only touches of the
 * segments that it was booked for count. Returns milli-touches by demand.
 */
export function equalLoop(inventory: Inventory, demands: readonly Demand[]): Float64Array {
  const given = new Float64Array(demands.length);
  const booked: { demand: Demand; no: number; schedule: Uint32Array }[][] = [...inventory.placeCommunity].map(() => []);
  demands.forEach((demand, no) =>
    demand.places.forEach((place, n) => {
      const schedule = demand.schedules[demand.scheduleOf[n] ?? 0];
      if (schedule) booked[place]?.push({ demand, no, schedule });
    }),
  );
  for (let halfHour = 0; halfHour < inventory.halfHours; halfHour += 1)
    booked.forEach((here, place) => {
      const playing = here.filter(
        ({ demand, no, schedule }) => hasHalfHour(schedule, halfHour) && (given[no] ?? 0) < demand.milliTouches,
      );
      for (const { demand, no } of playing) {
        let fitting = 0;
        for (let segment = 0; segment < inventory.segments; segment += 1)
          if (((demand.segments >>> segment) & 1) === 1)
            fitting += inventory.supplyMilliTouches[cellIndex(inventory, place, halfHour, segment)] ?? 0;
        given[no] = Math.min(demand.milliTouches, (given[no] ?? 0) + fitting / playing.length);
      }
    });
  return given;
}

/** Sum of weight × milli-touches of what flows. */
export function weightOf(allocation: Allocation, flows: EdgeFlows): number {
  const { network } = allocation;
  let sum = 0;
  for (let edge = 0; edge < network.edges; edge += 1)
    sum += (flows[edge] ?? 0) * (network.nodeWeight[network.edgeNode[edge] ?? 0] ?? 0);
  return sum;
}

function audiences(allocation: Allocation): Float64Array {
  const { network } = allocation;
  const audience = new Float64Array(network.nodes);
  for (const group of allocation.groups())
    eachEdge(allocation, group, (_edge, root) => {
      audience[root] = (audience[root] ?? 0) + (network.groupSupply[group] ?? 0);
    });
  return audience;
}

/** Edges of a group with their demand's root; the markets that are compared have no caps. */
function eachEdge({ network }: Allocation, group: number, visit: (edge: number, root: number) => void): void {
  for (let n = network.groupFirst[group] ?? 0; n < (network.groupEnd[group] ?? 0); n += 1) {
    const edge = network.groupEdges[n] ?? 0;
    visit(edge, network.edgeNode[edge] ?? 0);
  }
}

function edgesOf({ network }: Allocation, root: number): number[] {
  const edges = [];
  for (let leg = network.nodeFirstLeg[root] ?? -1; leg >= 0; leg = network.legNext[leg] ?? -1)
    for (let edge = network.legFirst[leg] ?? 0; edge < (network.legEnd[leg] ?? 0); edge += 1) edges.push(edge);
  return edges;
}
