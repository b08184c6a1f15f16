import { allocate, type Allocation } from '../allocation/allocation.ts';
import { highWaterMark, proportionalHourly } from '../allocation/field-rules.fixture.ts';
import type { Demand, Inventory } from '../allocation/instance.ts';
import { smooth } from '../allocation/plan.ts';
import { sharesOf, type Asked, type Contender } from './replay.fixture.ts';

export type PolicyName = 'ours' | 'equalLoop' | 'proportionalHourly' | 'highWaterMark';

/** Fractions of the cells of a place, by cell. */
export type Planned = (asked: Asked) => ReadonlyMap<number, readonly Contender[]>;

/** How a week is served. */
export interface Policy {
  /** Whether the screen knows for whom the clip is that it plays. */
  readonly matched: boolean;
  /** Whether what is left is planned as if a little more were owed. */
  readonly hedged: boolean;
  /** The plan of what is still to come, up to a half-hour; null: everybody who is booked plays as often as everybody else. */
  readonly plan: ((coming: Inventory, open: readonly Demand[], end: number) => Planned) | null;
}

/** Flow of each edge of the allocation's network. */
export type Flows = (allocation: Allocation) => ArrayLike<number>;

/** Rounds of smoothing each hour: the plan of the next hour corrects what is uneven in this one. */
const rounds = 5;

const byFlows =
  (flows: Flows): Policy['plan'] =>
  (coming, open) => {
    const allocation = allocate(coming, open);
    const found = flows(allocation);
    return (asked) => sharesOf(allocation, found, asked);
  };

const smoothed: Flows = (allocation) => {
  smooth(allocation, { rounds });
  return allocation.network.edgeFlow;
};

/** How rules of the field divide an hour. */
export const fieldFlows = {
  /** How ad servers with contracts do (Revive's AllocateZoneImpressions). */
  proportionalHourly,
  /** Chen et al., arXiv 1203.3593. */
  highWaterMark,
} as const satisfies Readonly<Record<string, Flows>>;

/** The screen knows who stands there. */
export const policies: Readonly<Record<PolicyName, Policy>> = {
  ours: { matched: true, hedged: true, plan: byFlows(smoothed) },
  /** The loop of a screen: each in its turn, whoever stands there. */
  equalLoop: { matched: false, hedged: false, plan: null },
  proportionalHourly: { matched: true, hedged: false, plan: byFlows(fieldFlows.proportionalHourly) },
  highWaterMark: { matched: true, hedged: false, plan: byFlows(fieldFlows.highWaterMark) },
};
