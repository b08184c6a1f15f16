import type { InstantMs } from '@gatecast/firmware-protocol';
import type { PeopleGoal, PlanCell, PlanEntry } from '@gatecast/firmware-protocol/messages';
import type { PaidSlot } from './plan.ts';

/** A half-hour of a line item that stops at so many people, with what this screen may still reach. */
export type PeopleSlot = PaidSlot & { readonly people: PeopleGoal };

export const isForPeople = (slot: PaidSlot): slot is PeopleSlot => slot.people !== undefined;

const allPpm = 1_000_000;

/** Whoever opted in is to be reached as soon as they come: half of their touches at the least, the first as a rule. They are few, so that others miss little. */
const entryOf = ({ campaign, campaignNo, clip, cap, people }: PeopleSlot): PlanEntry => ({
  campaign,
  campaignNo,
  clip: clip.sha256,
  sharePpm: allPpm,
  // The screen takes off by itself what it has shown since the plan began; whom it has reached in all is in its own list.
  remaining: people.upTo,
  separation: null,
  consent: true,
  cap,
  people,
});

/** The cells with these line items among everybody's. A screen that has nobody left to reach is not told of any. */
export function withPeople(
  cells: readonly PlanCell[],
  slots: readonly PeopleSlot[],
  door: Pick<PlanCell, 'entrance' | 'placement' | 'event'>,
): PlanCell[] {
  const open = slots.filter(({ people }) => people.upTo > people.known);
  const byHalfHour = new Map<InstantMs, PeopleSlot[]>();
  for (const slot of open) byHalfHour.set(slot.at, [...(byHalfHour.get(slot.at) ?? []), slot]);
  const joined = cells.map((cell) => {
    const own = cell.segment === 'all' ? byHalfHour.get(cell.at) : undefined;
    if (!own) return cell;
    byHalfHour.delete(cell.at);
    return { ...cell, entries: [...cell.entries, ...own.map(entryOf)] };
  });
  const alone = [...byHalfHour].map(([at, own]): PlanCell => ({
    at,
    ...door,
    segment: 'all',
    entries: own.map(entryOf),
  }));
  return [...joined, ...alone].sort((a, b) => a.at - b.at);
}
