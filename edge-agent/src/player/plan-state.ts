import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Credits } from './error-diffusion.ts';
import type { Sighting } from './frequency-cap.ts';
import type { Reached } from './reached-people.ts';

/** A play that a campaign was given; taken back if nobody could see it. */
export interface Delivery {
  readonly decision: string;
  /** Names the plan's entry, half-hour included. */
  readonly entry: string;
  readonly halfHour: InstantMs;
  readonly at: InstantMs;
  readonly milliTouches: number;
}

/** The first clip of the last touch at an entrance. */
interface LastChoice {
  readonly at: InstantMs;
  readonly clip: string;
  readonly campaign: string | null;
  readonly campaignNo: number | null;
  /** The group that the clip keeps away from, and when it was shown last, repeats included; null: it has no competitors. */
  readonly separation: { readonly group: string; readonly shownAt: InstantMs } | null;
}

/** What the choice of the next clip remembers of the earlier ones. Plain JSON; survives restarts. */
export interface PlanState {
  /** By entrance and event: the debts between campaigns and house clips. */
  readonly credits: Readonly<Record<string, Credits>>;
  /** The debts among house clips, fresh in each half-hour so that each begins with the clip that suits most. */
  readonly house: { readonly halfHour: InstantMs; readonly credits: Credits } | null;
  readonly deliveries: readonly Delivery[];
  /** When an entry of a separation group was last shown. */
  readonly groups: Readonly<Record<string, InstantMs>>;
  /** By group: whose entry that was. */
  readonly groupsBy: Readonly<Record<string, string>>;
  readonly last: Readonly<Record<string, LastChoice>>;
  /** What those who opted in have seen of campaigns with a cap. */
  readonly sightings: readonly Sighting[];
  /** By line item that stops at so many people: whom this terminal has reached. */
  readonly reached: Readonly<Record<string, Reached>>;
}

export const emptyPlanState: PlanState = {
  credits: {},
  house: null,
  deliveries: [],
  groups: {},
  groupsBy: {},
  last: {},
  sightings: [],
  reached: {},
};

/** More campaign plays than one screen can show in a half-hour at three seconds each. */
export const deliveriesMax = 600;
