import { invariant, type InstantMs } from '@gatecast/firmware-protocol';
import type { Segment } from '@gatecast/firmware-protocol/messages';
import type { Account } from './auth.ts';
import type { Reads, Tx } from './db/store.ts';

/** A heading in both languages. */
export interface Heading {
  readonly zh: string;
  readonly en: string;
}

/** One table of what is kept of a person: plain rows under a heading that anybody understands. */
export interface ExportSection {
  readonly heading: Heading;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

/** What one slice keeps of a person. Each slice that keeps anything registers once, when it is made. */
export interface PersonalData {
  /** `orders`; stands in the exported file. */
  readonly name: string;
  /** All that the slice keeps of the resident, without secrets and without other people's data. */
  export(q: Reads, residentId: string): Promise<readonly ExportSection[]>;
  /**
   * Removes or empties it in the transaction of the erasure. What the law makes us keep stays without a name (an order's accounting).
   * Must bear being called for somebody who is not there any more, and change nothing then.
   */
  erase(q: Tx, residentId: string): Promise<void>;
}

/** What somebody of the property or the operator looked at. */
export type ViewedPart = 'record' | 'log' | 'export';

/** What a person may agree to, each on its own. */
export type ConsentPurpose = 'personal-offers' | 'order-messages' | 'visit-join' | 'screen-pseudonym' | 'pickup-notice';

/** Runs in the transaction in which somebody agreed to something or took it back. */
export type ConsentHook = (q: Tx, residentId: string, purpose: ConsentPurpose) => Promise<void>;

/** What the privacy slice itself does for the others. */
export interface PrivacyDesk {
  noteViews(who: Account, residentIds: readonly string[], what: ViewedPart): Promise<void>;
  consentOf(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<boolean>;
  /** Which wording they agree to now; null where they do not. */
  agreedTo(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<number | null>;
}

/** How many people of each of these communities agreed to be known at the screens, of communities in which anybody did. Who they are nobody is told. */
export type CountOptedIn = (q: Reads, communityIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/** Of a community: how many of those who are known at its screens said that they belong to each group. */
export type CountGroups = (q: Reads, communityId: string) => Promise<ReadonlyMap<Segment, number>>;

export interface Privacy extends PrivacyDesk {
  /** The slice that gives the names counts them; once. */
  seatGroups(count: CountGroups): void;
  /** Groups of a community that ten or more of those who are known at its screens said they belong to. */
  groupsOfTen(q: Reads, communityId: string): Promise<ReadonlySet<Segment>>;
  /** The slice that gives the names says how many there are; once. */
  seatOptedIn(count: CountOptedIn): void;
  /** The same of each community that has ten or more; of the others there is no entry. */
  poolsAtLeast(q: Reads, communityIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** How many could be reached at the screens, told as "at least" and in tens, of communities with ten or more alone; null for fewer. */
  poolAtLeast(q: Reads, communityIds: readonly string[]): Promise<number | null>;
  /** What another slice does when a consent changes. */
  onConsentChanged(hook: ConsentHook): void;
  /** The privacy slice says that one has. */
  consentChanged: ConsentHook;
  register(slice: PersonalData): void;
  /** The privacy slice takes its seat; once, before anything is asked. */
  seat(desk: PrivacyDesk): void;
  /** Everything, slice by slice, in the order in which they registered. */
  export(
    q: Reads,
    residentId: string,
  ): Promise<readonly { readonly slice: string; readonly sections: readonly ExportSection[] }[]>;
  /** Erases in every slice. A second time changes nothing. */
  erase(q: Tx, residentId: string): Promise<void>;
  /**
   * Notes that `who` looked at the data of these residents; the residents can read it. At most once an hour for each of them. A resident
   * who looks at their own data is not noted. Opens a transaction of its own: call it outside of one, before the answer leaves.
   */
  noteViews(who: Account, residentIds: readonly string[], what: ViewedPart): Promise<void>;
  /** Whether the resident agrees now. False for children and for people under guardianship, whatever is stored. */
  consentOf(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<boolean>;
}

/** The one place that knows which slices keep something of a person, so that export and erasure forget none. */
export function createPrivacy(): Privacy {
  const slices: PersonalData[] = [];
  const hooks: ConsentHook[] = [];
  let desk: PrivacyDesk | undefined;
  let countOptedIn: CountOptedIn | undefined;
  let countGroups: CountGroups | undefined;
  const seated = (): PrivacyDesk => {
    invariant(desk, 'the privacy slice is wired');
    return desk;
  };
  const poolsAtLeast: Privacy['poolsAtLeast'] = async (q, communityIds) => {
    invariant(countOptedIn, 'the slice that gives names is wired');
    const counts = await countOptedIn(q, communityIds);
    return new Map([...counts].map(([id, people]) => [id, inTens(people)] as const).filter(([, people]) => people > 0));
  };
  return {
    register(slice) {
      invariant(!slices.some(({ name }) => name === slice.name), `${slice.name} registers once`);
      slices.push(slice);
    },
    seat: (taken) => void (desk = taken),
    seatOptedIn: (count) => void (countOptedIn = count),
    poolsAtLeast,
    seatGroups: (count) => void (countGroups = count),
    async groupsOfTen(q, communityId) {
      invariant(countGroups, 'the slice that gives names is wired');
      const counts = await countGroups(q, communityId);
      return new Set([...counts].flatMap(([segment, people]) => (inTens(people) > 0 ? [segment] : [])));
    },
    async poolAtLeast(q, communityIds) {
      const pools = [...(await poolsAtLeast(q, communityIds)).values()];
      return pools.length === 0 ? null : pools.reduce((sum, people) => sum + people, 0);
    },
    onConsentChanged: (hook) => void hooks.push(hook),
    async consentChanged(q, residentId, purpose) {
      for (const hook of hooks) await hook(q, residentId, purpose);
    },
    async export(q, residentId) {
      const parts = [];
      for (const slice of slices) parts.push({ slice: slice.name, sections: await slice.export(q, residentId) });
      return parts;
    },
    async erase(q, residentId) {
      for (const slice of slices) await slice.erase(q, residentId);
    },
    noteViews: (who, residentIds, what) => seated().noteViews(who, residentIds, what),
    consentOf: (q, residentId, purpose) => seated().consentOf(q, residentId, purpose),
    agreedTo: (q, residentId, purpose) => seated().agreedTo(q, residentId, purpose),
  };
}

/** From ten up, and never exactly: fewer, or one more or less, could be somebody whom one knows. Each community by itself, so that none can be told from a sum. */
const inTens = (people: number): number => Math.floor(people / 10) * 10;

/** A moment as people write it, for exported files: UTC, to the second. */
export const writtenAt = (at: InstantMs | null): string | null =>
  at === null ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
