import type { InstantMs } from '@gatecast/firmware-protocol';
import type { PeopleGoal, PlanEntry } from '@gatecast/firmware-protocol/messages';
import type { PlanState } from './plan-state.ts';

/** One person who opted in, and the play that reached them for a line item. */
export interface ReachedPerson {
  readonly decision: string;
  /** As the access list gives it; it stays on this terminal, until the line item ends or the consent does. */
  readonly pseudonym: string;
}

/** Whom this terminal reached for a line item. */
export interface Reached {
  readonly people: readonly ReachedPerson[];
  /** Of those whose consent has ended only the number is left. */
  readonly forgotten: number;
  /** End of the line item. */
  readonly until: InstantMs;
}

/** People of all line items together; beyond it such line items rest, because a list that forgets shows too often. */
export const reachedMax = 10_000;

const countOf = ({ people, forgotten }: Pick<Reached, 'people' | 'forgotten'>): number => people.length + forgotten;

/** Before anybody is noted here: as many as the cloud knows of. */
const beginning = ({ known, until }: PeopleGoal): Reached => ({ people: [], forgotten: known, until });

/** Where a person comes to lie for a holdout, from 0 to 999,999; undefined: nobody can be drawn here, so nobody is shown what has a holdout. */
export type PersonDraw = (key: string, pseudonym: string) => number;

/** Whether an entry that stops at so many people may be shown to this person: one whom it has not reached yet, while there is room for one more. */
export function mayReach(
  { people, consent }: Pick<PlanEntry, 'people' | 'consent'>,
  { reached }: Pick<PlanState, 'reached'>,
  {
    pseudonym,
    draw,
    now,
  }: { readonly pseudonym: string | null; readonly draw?: PersonDraw | undefined; readonly now: InstantMs },
): boolean {
  if (!people) return true;
  if (!consent || pseudonym === null || now >= people.until) return false;
  const own = reached[people.lineItem] ?? beginning(people);
  if (countOf(own) >= people.upTo || own.people.some((one) => one.pseudonym === pseudonym)) return false;
  const { holdout, among } = people;
  if (among && !(draw && belongsHere(among, pseudonym, draw))) return false;
  if (holdout && holdout.ppm > 0 && !(draw && draw(holdout.key, pseudonym) >= holdout.ppm)) return false;
  return Object.values(reached).reduce((sum, { people: known }) => sum + known.length, 0) < reachedMax;
}

/** Whether a person belongs to this screen: of all that may reach them it draws highest. */
function belongsHere(
  { key, own, others }: NonNullable<NonNullable<PlanEntry['people']>['among']>,
  pseudonym: string,
  draw: PersonDraw,
): boolean {
  const of = (screen: string): number => draw(`${key}|${screen}`, pseudonym);
  const mine = of(own);
  return others.every((other) => {
    const theirs = of(other);
    return mine > theirs || (mine === theirs && own < other);
  });
}

export function noteReached(
  reached: PlanState['reached'],
  { people }: Pick<PlanEntry, 'people'>,
  person: ReachedPerson,
): PlanState['reached'] {
  if (!people) return reached;
  const own = reached[people.lineItem] ?? beginning(people);
  return { ...reached, [people.lineItem]: { ...own, people: [...own.people, person], until: people.until } };
}

/** The list with other people; the same list if nothing changed. */
function changed(reached: PlanState['reached'], change: (one: Reached) => Reached | undefined): PlanState['reached'] {
  const next = Object.entries(reached).map(([lineItem, one]) => [lineItem, change(one)] as const);
  if (next.every(([lineItem, one]) => one === reached[lineItem])) return reached;
  return Object.fromEntries(next.filter((entry): entry is readonly [string, Reached] => entry[1] !== undefined));
}

/** Nobody saw the play: they were not reached by it. */
export const unreach = (reached: PlanState['reached'], decision: string): PlanState['reached'] =>
  changed(reached, (one) =>
    one.people.some((p) => p.decision === decision)
      ? { ...one, people: one.people.filter((p) => p.decision !== decision) }
      : one,
  );

/** Without those who are not, or no longer, opted in: they were reached, and only that is still known. */
export const forgetUnconsented = (reached: PlanState['reached'], optedIn: ReadonlySet<string>): PlanState['reached'] =>
  changed(reached, (one) => {
    const people = one.people.filter(({ pseudonym }) => optedIn.has(pseudonym));
    const gone = one.people.length - people.length;
    return gone === 0 ? one : { ...one, people, forgotten: one.forgotten + gone };
  });

/** Without line items that are over. */
export const forgetEnded = (reached: PlanState['reached'], now: InstantMs): PlanState['reached'] =>
  changed(reached, (one) => (now >= one.until ? undefined : one));
