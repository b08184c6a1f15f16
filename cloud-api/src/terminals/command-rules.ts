import {
  after,
  days,
  hours,
  instant,
  milliseconds,
  minutes,
  seconds,
  type DurationMs,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { commandLifeMs, type CommandFileKind, type CommandState } from '@gatecast/firmware-protocol/messages';
import type { Keeper } from '../platform/auth.ts';
import type { CommandKind, NewCommand } from './command-contract.ts';
import { silentAfterMs } from './rules.ts';

/**
 * What may follow each state. A terminal ends a command once, so EXECUTED and REFUSED are never left; EXPIRED and UNKNOWN may be our own
 * guess about one that fell silent, and its word, late as it may come, beats them.
 */
export const commandTransitions: Readonly<Record<CommandState, readonly CommandState[]>> = {
  QUEUED: ['SENT', 'RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  SENT: ['RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  RECEIVED: ['EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'],
  EXPIRED: ['EXECUTED', 'REFUSED', 'UNKNOWN'],
  UNKNOWN: ['EXECUTED', 'REFUSED', 'EXPIRED'],
  EXECUTED: [],
  REFUSED: [],
};

/** States that say nothing of the end: their time is noted also when they are told after it. */
const onTheWay: ReadonlySet<CommandState> = new Set(['SENT', 'RECEIVED']);
const ended: readonly CommandState[] = ['EXECUTED', 'REFUSED', 'UNKNOWN'];

export interface CommandProgress {
  readonly state: CommandState;
  readonly reason: string | null;
  readonly times: Readonly<Partial<Record<CommandState, InstantMs>>>;
}

/**
 * What a report makes of a command; undefined: it says nothing new. Duplicates change nothing; a report that was overtaken fills in its time
 * and no more.
 */
export function afterReport(
  before: CommandProgress,
  report: { readonly state: CommandState; readonly at: InstantMs; readonly reason: string | null },
): CommandProgress | undefined {
  const { state, at, reason } = report;
  if (commandTransitions[before.state].includes(state))
    return { state, reason, times: { ...before.times, [state]: at } };
  if (!onTheWay.has(state) || before.times[state] !== undefined) return undefined;
  const latest = Math.min(at, ...ended.flatMap((end) => before.times[end] ?? []));
  return { ...before, times: { ...before.times, [state]: instant(latest) } };
}

/** States in which a command still holds a place in its terminal's queue. */
export const waitingStates = ['QUEUED', 'SENT', 'RECEIVED'] as const satisfies readonly CommandState[];

/** Commands of one terminal that may be on their way at once. */
export const commandsWaitingMax = 16;

interface Budget {
  readonly max: number;
  readonly perMs: DurationMs;
}

/** How often a kind may be asked of one terminal, by everybody together. A door cannot let more people in than two a second. */
export const commandBudgets: Readonly<Record<CommandKind, Budget>> = {
  open: { max: 120, perMs: minutes(1) },
  identify: { max: 12, perMs: minutes(1) },
  'pair-readers': { max: 6, perMs: minutes(1) },
  'rotate-keys': { max: 6, perMs: minutes(1) },
  'learn-card': { max: 12, perMs: minutes(1) },
  reboot: { max: 3, perMs: minutes(10) },
  'capture-screenshot': { max: 20, perMs: minutes(10) },
  'pull-logs': { max: 10, perMs: minutes(10) },
  'test-speaker': { max: 12, perMs: minutes(1) },
  're-sync': { max: 6, perMs: minutes(1) },
};

const managers: readonly Keeper['role'][] = ['operator', 'property'];

/** Who may ask for each kind. A guard opens doors and changes nothing about them; residents open by their own route. */
const orderers: Readonly<Record<CommandKind, readonly Keeper['role'][]>> = {
  open: [...managers, 'guard'],
  identify: managers,
  'pair-readers': managers,
  'rotate-keys': managers,
  'learn-card': managers,
  reboot: managers,
  'capture-screenshot': managers,
  'pull-logs': managers,
  'test-speaker': managers,
  're-sync': managers,
};

export const mayOrder = (role: Keeper['role'], asked: NewCommand): boolean =>
  asked.kind === 'reboot' && asked.what === 'machine' ? role === 'operator' : orderers[asked.kind].includes(role);

/** An unanswered command is given up this long after its end, so that a report on its way still wins. */
export const commandGraceMs = seconds(5);
/** One that was received and never ended is given up after this: by then the terminal is gone, or has forgotten. */
export const receivedGraceMs = minutes(5);
export const commandEnd = (now: InstantMs): InstantMs => after(now, milliseconds(commandLifeMs));

/** Commands are forgotten after this. */
export const commandsKeptMs = days(400);

/** A picture shows a public place; a log may tell how people come and go. Both are kept no longer than somebody looks for a fault. */
export const fileKeptMs: Readonly<Record<CommandFileKind, DurationMs>> = {
  'capture-screenshot': hours(24),
  'pull-logs': days(7),
};
/** Files of one kind that are kept of one terminal; the oldest makes room. */
export const filesKeptMax = 5;
/** A terminal may bring a file so long after the end of its command: its uplink may be slow. */
export const fileLateMs = minutes(2);

/** The last reading of a terminal's monotonic clock, and how long ago it came. */
export interface MonoReading {
  readonly monoMs: number;
  readonly ageMs: number;
}

/**
 * The deadline of a command on the terminal's own clock. The time that the reading was on its way makes the deadline earlier,
 * never later; an age that cannot be (the wall clock was moved) counts as none.
 */
export function deadlineMono({ monoMs, ageMs }: MonoReading): number {
  const plausible = ageMs >= 0 && ageMs <= silentAfterMs;
  return Math.floor(monoMs + (plausible ? ageMs : 0) + commandLifeMs);
}
