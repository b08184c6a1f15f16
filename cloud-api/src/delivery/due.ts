import { hours, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';

/** Plans are made anew in the middle of each hour: the half-hour before has been told by then. */
const markMinutes = 30;

/** The last moment at which a plan was due by the clock. */
export function lastMark(now: InstantMs): InstantMs {
  const offset = minutes(markMinutes);
  return instant(Math.floor((now - offset) / hours(1)) * hours(1) + offset);
}

export interface PlanState {
  readonly wanted: number;
  readonly planned: number;
  /** Of the newest plan; undefined before the first. */
  readonly startedAt: InstantMs | undefined;
}

/** Whether there is to be a new plan: somebody wants one, or the clock says so. */
export const isPlanDue = ({ wanted, planned, startedAt }: PlanState, now: InstantMs): boolean =>
  wanted > planned || startedAt === undefined || startedAt < lastMark(now);
