import type { CommandRecord } from '@gatecast/cloud-api/client';

type CommandState = CommandRecord['state'];
export type WayState = 'QUEUED' | 'SENT' | 'RECEIVED' | 'EXECUTED';
export type EndState = Exclude<CommandState, WayState>;

/** The way that a command goes when all is well. */
export const commandWay: readonly WayState[] = ['QUEUED', 'SENT', 'RECEIVED', 'EXECUTED'];

export interface CommandStep {
  readonly state: WayState;
  readonly reachedAt: number | null;
}

export interface CommandProgress {
  readonly steps: readonly CommandStep[];
  /** Where it ended when it did not open the door. */
  readonly end: EndState | null;
  readonly isOver: boolean;
  /** From asking to the door's answer. */
  readonly tookMs: number | null;
}

const isOnTheWay = (state: CommandState): state is WayState => commandWay.some((each) => each === state);

/** What a page shows of a command: reached steps with their times, and how it ended. */
export function progressOf({ state, times }: Pick<CommandRecord, 'state' | 'times'>): CommandProgress {
  const steps = commandWay.map((step) => ({ state: step, reachedAt: times[step] ?? null }));
  const asked = times['QUEUED'];
  const done = times['EXECUTED'];
  return {
    steps,
    end: isOnTheWay(state) ? null : state,
    isOver: state === 'EXECUTED' || !isOnTheWay(state),
    tookMs: asked !== undefined && done !== undefined ? done - asked : null,
  };
}
