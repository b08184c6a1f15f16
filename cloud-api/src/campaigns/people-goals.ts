import type { InstantMs } from '@gatecast/firmware-protocol';
import type { PeopleGoal, Placement } from '@gatecast/firmware-protocol/messages';

/** Who may reach people for a line item, and how many it has reached as far as is known. */
export interface Reacher {
  readonly id: string;
  readonly known: number;
}

/**
 * How many people each may reach in all, so that together they reach no more than `people`: what is left is divided evenly, and what does not divide goes to
 * another each day. With less left than there are, some wait for a plan of another day.
 *
 * All that hold to the newest plan stop at `people` exactly. One that has not heard of it reaches at most its old part, so that the whole goes beyond by no more
 * than the parts that were taken from those who were away; these people are paid by nobody.
 */
export function divideGoal(people: number, reachers: readonly Reacher[], day: number): ReadonlyMap<string, number> {
  const left = Math.max(0, people - reachers.reduce((sum, { known }) => sum + known, 0));
  const part = Math.floor(left / Math.max(1, reachers.length));
  const over = left - part * reachers.length;
  const ordered = [...reachers].sort((a, b) => (a.id < b.id ? -1 : 1));
  return new Map(
    ordered.map(({ id, known }, n) => {
      const turn = (n + day) % ordered.length;
      return [id, known + part + (turn < over ? 1 : 0)];
    }),
  );
}

/** One that understands such line items. */
export interface PeopleScreen {
  readonly id: string;
  readonly placement: Placement;
}

/** What each screen of a community may reach of a line item that stops at so many people. */
export type GoalOf = (terminalId: string) => PeopleGoal;

/** A line item that stops at so many people, with its last moment. */
export interface PeopleLine {
  readonly id: string;
  readonly people: number | null;
  readonly placements: readonly Placement[] | null;
  readonly holdoutPpm: number;
  readonly until: InstantMs;
}

/** Whom a screen has reached for it. */
export interface Reached {
  readonly communityId: string;
  readonly terminalId: string;
  readonly people: number;
}

/** A screen among which the people of a community are shared out for a line item, for as long as it runs. */
export interface LotScreen {
  readonly terminalId: string;
  /** It reaches nobody any more; whom it may have reached belongs to it still. */
  readonly gone: boolean;
}

export interface PeopleHere {
  readonly communityId: string;
  readonly screens: readonly PeopleScreen[];
  /** Of the plan, counted from anywhere. */
  readonly day: number;
}

/** Which screens of a community may reach people for a line item that has not been told to any of them yet. */
export const newLot = ({ placements }: Pick<PeopleLine, 'placements'>, here: readonly PeopleScreen[]): string[] =>
  here.filter(({ placement }) => (placements ?? [placement]).includes(placement)).map(({ id }) => id);

/**
 * First among the communities, then among the screens of this one. Each person belongs to one screen of the lot, which stays what it was when the line item was
 * first told to a screen: with one more, or one less, somebody would belong to another, which does not know that they were reached.
 */
export function goalsOf(
  row: PeopleLine,
  communities: readonly string[],
  reached: readonly Reached[],
  { communityId, screens: here, day, lot }: PeopleHere & { readonly lot: readonly LotScreen[] },
  keys: { readonly holdout: string | null; readonly among: string },
): GoalOf {
  const present = new Set(newLot(row, here));
  const screens = lot.filter(({ terminalId, gone }) => !gone && present.has(terminalId)).map((one) => one.terminalId);
  const sumOf = (where: (one: (typeof reached)[number]) => boolean): number =>
    reached.filter(where).reduce((sum, { people }) => sum + people, 0);
  const known = communities.map((id) => ({ id, known: sumOf((one) => one.communityId === id) }));
  // Where it was before it was moved.
  const elsewhere = sumOf((one) => !communities.includes(one.communityId));
  const left = Math.max(0, (row.people ?? 0) - elsewhere);
  const part = divideGoal(left, known, day).get(communityId) ?? 0;
  // What a screen reached that is not here any more is reached all the same.
  const gone = sumOf((one) => one.communityId === communityId && !screens.includes(one.terminalId));
  const own = screens.map((id) => ({
    id,
    known: sumOf((one) => one.terminalId === id && one.communityId === communityId),
  }));
  const goals = divideGoal(Math.max(0, part - gone), own, day);
  const holdout = keys.holdout === null ? null : { key: keys.holdout, ppm: row.holdoutPpm };
  return (terminalId) => ({
    lineItem: row.id,
    upTo: goals.get(terminalId) ?? 0,
    known: own.find(({ id }) => id === terminalId)?.known ?? 0,
    until: row.until,
    holdout,
    ...(lot.length > 1 && {
      among: {
        key: keys.among,
        own: terminalId,
        others: lot.map((one) => one.terminalId).filter((id) => id !== terminalId),
      },
    }),
  });
}
