import type { ClaimResponse } from '@gatecast/firmware-protocol/messages';
import type { Doorkeeper } from '../door/doorkeeper.ts';
import type { Journal } from '../journal/journal.ts';
import { JournalUpload } from '../journal/upload.ts';
import type { Log } from '../log.ts';
import type { Documents } from '../store/documents.ts';
import type { TerminalKeys } from '../store/identity.ts';
import type { Store } from '../store/store.ts';
import { ClockSync } from './clock-sync.ts';
import type { TerminalClock } from './clock.ts';
import { codeOf } from './cloud-http.ts';
import { Commands } from './commands.ts';
import { Connection } from './connection.ts';
import { Desired } from './desired.ts';
import { SignIn } from './sign-in.ts';
import { TerminalApi } from './terminal-api.ts';

export interface UplinkParts {
  readonly cloudUrl: string;
  readonly claim: ClaimResponse;
  readonly keys: TerminalKeys;
  readonly clock: TerminalClock;
  readonly store: Store;
  readonly journal: Journal;
  readonly documents: Documents;
  readonly door: Doorkeeper;
  readonly agentVersion: string;
  readonly log: Log;
}

/** Everything between a claimed terminal and the cloud. The door and the screen work without any of it. */
export class Uplink {
  readonly #parts: UplinkParts;
  readonly api: TerminalApi;
  readonly #desired: Desired;
  readonly #upload: JournalUpload;
  readonly #clockSync: ClockSync;
  readonly #commands: Commands;
  readonly #connection: Connection;
  readonly #stopping = new AbortController();

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    const { claim, clock, cloudUrl, documents, door, journal, log, agentVersion } = parts;
    const signIn = new SignIn({ ...parts, signal: this.#stopping.signal });
    const api = new TerminalApi(cloudUrl, claim.terminal, signIn);
    this.api = api;
    this.#desired = new Desired({ ...parts, api });
    this.#clockSync = new ClockSync({ ...parts, timeKey: claim.timeKey });
    this.#upload = new JournalUpload({
      ...parts,
      send: (body, signal) => api.uploadJournal(body, signal),
    });
    this.#commands = new Commands({
      ...parts,
      report: (report) => this.#connection.report(report),
      tellCard: (card) => api.tellLearnedCard(card, this.#stopping.signal),
    });
    this.#connection = new Connection({
      claim,
      signIn,
      clock,
      log,
      state: () => ({
        agentVersion,
        applied: documents.versions(),
        doorOnline: door.isOnline(),
        doors: door.standings(),
      }),
      onCommand: (payload, session) => void this.#commands.receive(payload, session),
      onHint: () => this.#desired.wake(),
      onOnline: (online) => this.#online(online, journal),
    });
  }

  async start(): Promise<void> {
    await this.#commands.settleInterrupted();
    this.#clockSync.start();
    this.#desired.start();
    this.#upload.start();
    this.#connection.start();
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#connection.stop(), this.#desired.stop(), this.#upload.stop(), this.#clockSync.stop()]);
  }

  /** A document was applied, or a door stands otherwise: the cloud hears of it at once. */
  announce(): void {
    this.#connection.announce();
  }

  /** Ask for the desired versions now. */
  askDesired(): void {
    this.#desired.wake();
  }

  /** A document in force has turned out not to work. */
  revert: Desired['revert'] = (kind, version, reason) => this.#desired.revert(kind, version, reason);

  #online(online: boolean, journal: Journal): void {
    if (online) {
      this.#desired.wake();
      this.#upload.wake();
      this.#clockSync.wake();
    }
    journal.append({ stream: 'health', kind: 'uplink', body: { online } }).catch((error: unknown) => {
      this.#parts.log.error({ code: codeOf(error) }, 'the state of the uplink could not be journalled');
    });
  }
}
