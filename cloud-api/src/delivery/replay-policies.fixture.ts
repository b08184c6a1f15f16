import { allocate, type Allocation } from '../allocation/allocation.ts';
import { highWaterMark, proportionalHourly } from '../allocation/field-rules.fixture.ts';
import type { Demand, Inventory } from '../allocation/instance.ts';
import { smooth } from '../allocation/plan.ts';

export type PolicyName = 'ours' | 'equalLoop' | 'proportionalHourly' | 'highWaterMark';

/** How a week is served. */
export interface Policy {
  /** Whether the screen knows for whom the clip is that it plays. */
  readonly matched: boolean;
  /** Whether what is left is planned as if a little more were owed. */
  readonly hedged: boolean;
  /** Flow of each edge of the allocation's network; null: everybody who is booked plays as often as everybody else. */
  readonly flows: ((allocation: Allocation) => ArrayLike<number>) | null;
  readonly make: (inventory: Inventory, demands: readonly Demand[]) => Allocation;
}

/** Rounds of smoothing each hour: the plan of the next hour corrects what is uneven in this one. */
const rounds = 5;

export const policies: Readonly<Record<PolicyName, Policy>> = {
  ours: {
    matched: true,
    hedged: true,
    flows(allocation) {
      smooth(allocation, { rounds });
      return allocation.network.edgeFlow;
    },
    make: allocate,
  },
  /** The loop of a screen: each in its turn, whoever stands there. */
  equalLoop: { matched: false, hedged: false, flows: null, make: allocate },
  /** How ad servers with contracts divide an hour (Revive's AllocateZoneImpressions). */
  proportionalHourly: { matched: true, hedged: false, flows: proportionalHourly, make: allocate },
  /** Chen et al., arXiv 1203.3593. */
  highWaterMark: { matched: true, hedged: false, flows: highWaterMark, make: allocate },
};
