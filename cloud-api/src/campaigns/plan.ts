import { days, after, instant, type InstantMs } from '@gatecast/firmware-protocol';
import {
  planDays,
  spreadMsMax,
  type Audience,
  type FrequencyCap,
  type MediaClip,
  type MediaManifest,
  type PeopleGoal,
  type Placement,
  type Plan,
  type PlanCell,
  type Segment,
} from '@gatecast/firmware-protocol/messages';
import { separations, type Spacing } from './competitors.ts';
import { isForPeople, withPeople } from './people-entries.ts';

/** A paid half-hour of a community. */
export interface PaidSlot {
  readonly campaign: string;
  readonly campaignNo: number;
  /** Whose it is, and whom it is kept apart from: other advertisers of the same trade; null: nobody. */
  readonly advertiser: string;
  readonly trade: string | null;
  readonly at: InstantMs;
  /** Of its segment, at all screens of its placement. */
  readonly touches: number;
  readonly segment: Segment;
  /** At which screens. */
  readonly placement: Placement | 'any';
  /** Of all touches there, the part at which it plays by plan; null: it has no other half-hour. */
  readonly sharePpm: number | null;
  /** Of the campaign; null: none. */
  readonly cap: FrequencyCap | null;
  /** House clips play in its turns, so that it can be seen what it changes. */
  readonly heldOut?: true;
  /** Of a line item that stops at so many people: what this screen may reach. */
  readonly people?: PeopleGoal;
  readonly clip: MediaClip;
}

export interface HouseClip {
  readonly clip: MediaClip;
  readonly segment: Segment;
}

interface PlanTerminal {
  readonly entrance: string;
  readonly placement: Placement;
}

export interface ExpectedHere {
  /** Of the touches at all screens of its placement in the community, 0 to 1. */
  readonly part: number;
  /** What a touch counts for a segment, in parts per million. */
  worthPpm(segment: Segment): number;
}

export interface PlanInput {
  readonly zone: string;
  /** Start of the community's day. Kept for all plans of that day, because the terminal counts what it delivered since then. */
  readonly dayStart: InstantMs;
  /** Start of the running half-hour: earlier ones are history. */
  readonly from: InstantMs;
  readonly audience: readonly Audience[];
  readonly slots: readonly PaidSlot[];
  readonly house: readonly HouseClip[];
  /** Those for this screen that are not over, the most pressing first. */
  readonly notices: Plan['notices'];
  readonly terminal: PlanTerminal;
  /** Screens of the community that share what was booked. */
  readonly terminals: number;
  /** Groups that so many named here that each of them is counted as what they said. */
  readonly exact: ReadonlySet<Segment>;
  /** What is expected at this screen in a half-hour. */
  readonly here: (at: InstantMs) => ExpectedHere;
  /** How competitors are kept apart in a half-hour of one screen. */
  readonly spacingAt: (at: InstantMs) => Spacing;
}

/** How many standard deviations of bad luck in the split among screens a booking is insured against. */
const hedge = 1.5;
const allPpm = 1_000_000;

/**
 * What one screen owes of a booking. Nobody knows at which screen people will come by, so each gets an equal part and 1.5 standard
 * deviations of a binomial split on top; a single screen owes exactly what was booked.
 */
export function owedByTerminal(touches: number, terminals: number): number {
  const part = 1 / terminals;
  return Math.ceil(touches * part + hedge * Math.sqrt(touches * part * (1 - part)));
}

/** The plan of one terminal: its cells for the next days, the house clips, whom to expect and what the property has to say. */
export function makePlan(input: PlanInput): Plan {
  const validTo = after(input.dayStart, days(planDays));
  const { placement: door } = input.terminal;
  const running = input.slots.filter(
    ({ at, placement }) => at >= input.from && at < validTo && (placement === 'any' || placement === door),
  );
  const current = running.filter((slot) => !isForPeople(slot));
  const halfHours = [...new Set(current.map(({ at }) => at))].sort((a, b) => a - b);
  return {
    zone: input.zone,
    validFrom: input.dayStart,
    validTo,
    audience: [...input.audience],
    cells: withPeople(
      halfHours.flatMap((at) =>
        makeCells(
          input,
          at,
          current.filter((slot) => slot.at === at),
        ),
      ),
      running.filter(isForPeople),
      doorOf(input.terminal),
    ),
    house: input.house.map(({ clip, segment }) => ({ clip: clip.sha256, segment })),
    notices: input.notices,
  };
}

const doorOf = ({ entrance, placement }: PlanTerminal): Pick<PlanCell, 'entrance' | 'placement' | 'event'> => ({
  entrance,
  placement,
  event: placement === 'lift' ? 'lift-call' : 'opening',
});

/** What a screen owes of a part of a plan: what it can expect, and as much more as chance may bring; the fraction keeps it in step. */
export function owedOfPlan(touches: number, part: number): number {
  const expected = touches * part;
  return Math.ceil(expected + hedge * Math.sqrt(expected));
}

/** The cells of one half-hour, one a segment; everybody's first. */
function makeCells(input: PlanInput, at: InstantMs, slots: readonly PaidSlot[]): PlanCell[] {
  const { terminal, terminals, spacingAt, here } = input;
  const merged = mergeByCampaign(slots).map((slot) => ({
    ...slot,
    owed: slot.sharePpm === null ? owedByTerminal(slot.touches, terminals) : owedOfPlan(slot.touches, here(at).part),
  }));
  const shares = touchShares(merged);
  const apart = separations(merged, spacingAt(at));
  const entries = merged.map((slot, index) => ({ slot, share: shares[index] ?? 0, apart: apart[index] ?? null }));
  return [...new Set(merged.map(({ segment }) => segment))]
    .sort((a, b) => Number(b === 'all') - Number(a === 'all'))
    .map((segment) => {
      const own = entries.filter(({ slot }) => slot.segment === segment);
      const worthPpm = segment === 'all' ? allPpm : here(at).worthPpm(segment);
      return {
        at,
        ...doorOf(terminal),
        segment,
        ...(segment !== 'all' && { worthPpm }),
        ...(input.exact.has(segment) && { exact: true as const }),
        entries: own.map(({ slot: { campaign, campaignNo, clip, owed, cap, heldOut }, share, apart: separation }) => ({
          campaign,
          campaignNo,
          clip: clip.sha256,
          sharePpm: shareOfSegment(share, worthPpm),
          ...(segment !== 'all' && { touchSharePpm: share }),
          remaining: owed,
          separation,
          consent: false,
          cap,
          ...(heldOut && { heldOut }),
        })),
      };
    });
}

/**
 * Of all touches, the part at which each plays. What is planned over many half-hours has its fraction; what has only this one shares what these leave in
 * proportion to what it bought, before the house's own clips: early is sure. Should fractions of two plans meet that are more than all, each gives alike.
 */
function touchShares(slots: readonly Pick<PaidSlot, 'touches' | 'sharePpm'>[]): number[] {
  const planned = slots.reduce((sum, { sharePpm }) => sum + (sharePpm ?? 0), 0);
  const scale = Math.max(allPpm, planned);
  const rest = Math.max(0, allPpm - planned);
  const once = slots.reduce((sum, { touches, sharePpm }) => sum + (sharePpm === null ? touches : 0), 0);
  return slots.map(({ touches, sharePpm }) =>
    sharePpm === null ? Math.floor((rest * touches) / once) : Math.floor((sharePpm * allPpm) / scale),
  );
}

/** For terminals that take a share of a segment's part of the audience. */
const shareOfSegment = (touchShare: number, worthPpm: number): number =>
  worthPpm === 0 ? 0 : Math.min(allPpm, Math.floor((touchShare * allPpm) / worthPpm));

/** Line items of one campaign that count alike and are planned alike are one entry. */
function mergeByCampaign(slots: readonly PaidSlot[]): PaidSlot[] {
  const merged = new Map<string, PaidSlot>();
  for (const slot of slots) {
    const key = `${slot.segment}|${slot.campaign}`;
    const known = merged.get(key);
    merged.set(key, known ? together(known, slot) : slot);
  }
  return [...merged.values()];
}

/** What has only this half-hour makes all of its campaign's hurry. */
const together = (a: PaidSlot, b: PaidSlot): PaidSlot => ({
  ...a,
  touches: a.touches + b.touches,
  sharePpm: a.sharePpm === null || b.sharePpm === null ? null : a.sharePpm + b.sharePpm,
});

/** The manifest's own limit. */
const clipsMax = 500;

/** All screens together ask for a clip so often at most: with files of some 2 MB that is 20 MB/s. */
const asksPerSecond = 10;
/** So few may ask at one moment. */
const fleetMin = 64;

/**
 * How long so many screens take to ask for a clip of which they hear at one moment; 0 for a few. One more screen makes no new manifest for all the others: what
 * counts is the next power of two.
 */
export function spreadMsFor(screens: number): number {
  if (screens < fleetMin) return 0;
  return Math.min(spreadMsMax, (2 ** Math.ceil(Math.log2(screens)) * 1_000) / asksPerSecond);
}

/** The files that a plan needs, each once, what is needed first before the rest; what it does not name is not played any more. */
export function makeManifest(
  plan: Plan,
  input: Pick<PlanInput, 'slots' | 'house'> & { readonly takenDown: readonly string[]; readonly spreadMs: number },
): MediaManifest {
  const known = new Map([...input.slots, ...input.house].map(({ clip }) => [clip.sha256, clip]));
  const neededAt = new Map(plan.house.map(({ clip }) => [clip, instant(0)]));
  for (const { at, entries } of plan.cells)
    for (const { clip } of entries) if (!neededAt.has(clip)) neededAt.set(clip, at);
  const clips = [...neededAt].flatMap(([sha256, at]) => {
    const clip = known.get(sha256);
    return clip ? [{ ...clip, neededAt: at }] : [];
  });
  // The same file may have come from somebody else, whose clip may play.
  const takenDown = input.takenDown.filter((sha256) => !neededAt.has(sha256));
  return { clips: clips.slice(0, clipsMax), signedOnly: true, takenDown, spreadMs: input.spreadMs };
}
