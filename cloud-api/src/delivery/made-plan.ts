import type { InstantMs } from '@gatecast/firmware-protocol';
import type { PlannedLine } from '../campaigns/claims.ts';
import type { Supply } from '../campaigns/supply.ts';
import type { Doors } from './doors.ts';
import { outlookOf, type Outlook } from './outlook.ts';
import type { PlanAnswer } from './plan-cells.ts';

/** A line item with all that planning it takes. */
export interface OpenLine extends PlannedLine {
  readonly committedMilli: number;
  readonly residualMilli: number;
}

/** What a plan is made of and what came out. */
export interface MadePlan {
  readonly now: InstantMs;
  /** Null: nothing was to be planned. */
  readonly supply: Supply | null;
  readonly doors: Doors;
  readonly lines: readonly OpenLine[];
  readonly answer: PlanAnswer;
}

/** What of a line item's residual found a place, in milli-touches of its segment. */
export const plannedOf = ({ residualMilli: asked }: OpenLine, deliverableMilli: number): number =>
  Math.min(asked, deliverableMilli);

/** How a line item is expected to end by this plan. */
export const outlookBy = (line: OpenLine, deliverableMilli: number): Outlook =>
  outlookOf({
    boughtMilli: line.row.touches * 1_000,
    deliveredMilli: line.row.deliveredMilli,
    committedMilli: line.committedMilli,
    plannedMilli: plannedOf(line, deliverableMilli),
  });
