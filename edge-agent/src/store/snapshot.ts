import type { ClaimResponse, CommandReport, DocumentKind } from '@gatecast/firmware-protocol/messages';
import type { UseRecord } from '../door/right.ts';
import type { DocumentValue } from './document-check.ts';
import type { TrialState } from './trials.ts';

/** A document in force. */
export interface StoredDocument {
  readonly version: number;
  readonly hash: string;
  readonly value: DocumentValue;
}

/** What the database held when it was opened; afterwards the main thread replaces parts of it, each after its commit. */
export interface StoreSnapshot extends TrialState {
  /** Null until this terminal was claimed. */
  readonly claim: ClaimResponse | null;
  /** After three runs that ended with it on trial: without what was on trial then. */
  readonly documents: ReadonlyMap<DocumentKind, StoredDocument>;
  /** How each credential was used whose uses or first use count. */
  readonly uses: ReadonlyMap<string, UseRecord>;
  /** The counter of the last code taken of each phone, when the agent was started. */
  readonly phoneCounters: ReadonlyMap<string, number>;
  readonly values: ReadonlyMap<string, string>;
  /** Commands that were received but not carried out when the agent ended. */
  readonly interrupted: readonly string[];
  /** True if the agent's last run did not end by itself. */
  readonly unclean: boolean;
}

export interface CommandRecord {
  readonly state: CommandReport['state'];
  readonly reason: string | null;
}

/** Keys of the small values that the store keeps for the agent's own parts. */
export const valueKeys = {
  claim: 'claim',
  running: 'running',
  denied: 'denied',
  wallHighMs: 'wall-high-ms',
  signInSession: 'sign-in-session',
  brokerUrl: 'broker-url',
  shownSuitor: 'shown-suitor',
  standingAlarms: 'standing-alarms',
  pairedDevices: 'paired-devices',
  wrongCodes: 'wrong-codes',
  cutOffRuns: 'cut-off-runs',
  answeringDoors: 'answering-doors',
} as const;
