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
const plannedOf = ({ residualMilli: asked }: OpenLine, deliverableMilli: number): number =>
  Math.min(asked, deliverableMilli);

/** How a line item is expected to end by this plan. */
export const outlookBy = (line: OpenLine, deliverableMilli: number): Outlook =>
  outlookOf({
    boughtMilli: line.row.touches * 1_000,
    deliveredMilli: line.row.deliveredMilli,
    committedMilli: line.committedMilli,
    plannedMilli: plannedOf(line, deliverableMilli),
  });

/** What is noted of a plan. Travels between threads. */
export interface PlanFacts {
  readonly lineItems: number;
  /** Part of what all are still to get that found a place. */
  readonly plannedPpm: number;
  /** 0 to 1 (`spreadOf`). */
  readonly spread: number;
}

/** Of a network in which nothing is to be planned. */
export const nothingPlanned: PlanFacts = { lineItems: 0, plannedPpm: 1_000_000, spread: 0 };

export function factsOf({ lines, answer }: MadePlan): PlanFacts {
  const residual = lines.reduce((sum, line) => sum + line.residualMilli, 0);
  const plannedMilli = lines.reduce((sum, line, n) => sum + plannedOf(line, answer.deliverable[n] ?? 0), 0);
  const plannedPpm =
    residual === 0 ? 1_000_000 : Math.min(1_000_000, Math.floor((plannedMilli / residual) * 1_000_000));
  return { lineItems: lines.length, plannedPpm, spread: answer.spread };
}
