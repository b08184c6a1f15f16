import { days, after, instant, type InstantMs } from '@gatecast/firmware-protocol';
import {
  planDays,
  spreadMsMax,
  type Audience,
  type FrequencyCap,
  type MediaClip,
  type MediaManifest,
  type Placement,
  type Plan,
  type PlanCell,
  type Segment,
} from '@gatecast/firmware-protocol/messages';
import { separations, type Spacing } from './competitors.ts';

/** A paid half-hour of a community. */
export interface PaidSlot {
  readonly campaign: string;
  readonly campaignNo: number;
  /** Whose it is, and whom it is kept apart from: other advertisers of the same trade; null: nobody. */
  readonly advertiser: string;
  readonly trade: string | null;
  readonly at: InstantMs;
  readonly touches: number;
  /** Of the campaign; null: none. */
  readonly cap: FrequencyCap | null;
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
  const current = input.slots.filter(({ at }) => at >= input.from && at < validTo);
  const halfHours = [...new Set(current.map(({ at }) => at))].sort((a, b) => a - b);
  return {
    zone: input.zone,
    validFrom: input.dayStart,
    validTo,
    audience: [...input.audience],
    cells: halfHours.map((at) =>
      makeCell(
        input,
        at,
        current.filter((slot) => slot.at === at),
      ),
    ),
    house: input.house.map(({ clip, segment }) => ({ clip: clip.sha256, segment })),
    notices: input.notices,
  };
}

/**
 * Until it is delivered, what was paid for goes before the house's own clips: early is sure. Campaigns of one half-hour share the
 * touches in proportion to what they bought.
 */
function makeCell({ terminal, terminals, spacingAt }: PlanInput, at: InstantMs, slots: readonly PaidSlot[]): PlanCell {
  const merged = mergeByCampaign(slots).map((slot) => ({ ...slot, owed: owedByTerminal(slot.touches, terminals) }));
  const sum = merged.reduce((total, slot) => total + slot.touches, 0);
  const apart = separations(merged, spacingAt(at));
  return {
    at,
    entrance: terminal.entrance,
    placement: terminal.placement,
    event: terminal.placement === 'lift' ? 'lift-call' : 'opening',
    segment: 'all',
    entries: merged.map(({ campaign, campaignNo, clip, touches, owed, cap }, index) => ({
      campaign,
      campaignNo,
      clip: clip.sha256,
      sharePpm: Math.floor((allPpm * touches) / sum),
      remaining: owed,
      separation: apart[index] ?? null,
      consent: false,
      cap,
    })),
  };
}

function mergeByCampaign(slots: readonly PaidSlot[]): PaidSlot[] {
  const merged = new Map<string, PaidSlot>();
  for (const slot of slots) {
    const known = merged.get(slot.campaign);
    merged.set(slot.campaign, known ? { ...known, touches: known.touches + slot.touches } : slot);
  }
  return [...merged.values()];
}

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
