import { invariant, type InstantMs } from '@gatecast/firmware-protocol';
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
export type ConsentPurpose = 'personal-offers' | 'order-messages' | 'visit-join' | 'screen-pseudonym';

/** Runs in the transaction in which somebody agreed to something or took it back. */
export type ConsentHook = (q: Tx, residentId: string, purpose: ConsentPurpose) => Promise<void>;

/** What the privacy slice itself does for the others. */
export interface PrivacyDesk {
  noteViews(who: Account, residentIds: readonly string[], what: ViewedPart): Promise<void>;
  consentOf(q: Reads, residentId: string, purpose: ConsentPurpose): Promise<boolean>;
}

export interface Privacy extends PrivacyDesk {
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
  const seated = (): PrivacyDesk => {
    invariant(desk, 'the privacy slice is wired');
    return desk;
  };
  return {
    register(slice) {
      invariant(!slices.some(({ name }) => name === slice.name), `${slice.name} registers once`);
      slices.push(slice);
    },
    seat: (taken) => void (desk = taken),
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
  };
}

/** A moment as people write it, for exported files: UTC, to the second. */
export const writtenAt = (at: InstantMs | null): string | null =>
  at === null ? null : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
