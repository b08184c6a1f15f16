import type { InstantMs } from '@gatecast/firmware-protocol';
import type {
  ClaimResponse,
  Command,
  CommandFileKind,
  LearnedCard,
  ScreenStanding,
} from '@gatecast/firmware-protocol/messages';
import type { Doorkeeper } from '../door/doorkeeper.ts';
import type { HealthMonitor, UplinkHealth } from '../health/health-monitor.ts';
import { HealthUplink } from '../health/health-uplink.ts';
import type { Host } from '../host.ts';
import type { Journal } from '../journal/journal.ts';
import { JournalUpload } from '../journal/upload.ts';
import type { Log } from '../log.ts';
import type { Player } from '../player/player.ts';
import type { ScreenProbes } from '../player/screen-probes.ts';
import type { Documents } from '../store/documents.ts';
import type { KeyRing } from '../store/identity.ts';
import type { Store } from '../store/store.ts';
import { ClockSync } from './clock-sync.ts';
import type { TerminalClock } from './clock.ts';
import { valueKeys } from '../store/snapshot.ts';
import { codeOf } from './cloud-http.ts';
import { carryOut } from './command-actions.ts';
import { Commands } from './commands.ts';
import { Connection } from './connection.ts';
import { Desired } from './desired.ts';
import { KeyRenewal } from './key-renewal.ts';
import { SignInSessions } from './sign-in-sessions.ts';
import { SignIn, type OutReason } from './sign-in.ts';
import { isGenuine, stopOrderIn } from './stop-hint.ts';
import { TerminalApi } from './terminal-api.ts';

export interface UplinkParts {
  readonly cloudUrl: string;
  readonly brokerCaFile: string | undefined;
  readonly claim: ClaimResponse;
  readonly keys: KeyRing;
  readonly clock: TerminalClock;
  readonly store: Store;
  readonly journal: Journal;
  readonly documents: Documents;
  readonly door: Doorkeeper;
  readonly screen: ScreenProbes;
  /** What stands on the screen; undefined while there is none to ask. */
  readonly standing: () => ScreenStanding | undefined;
  readonly stopped: Player['stopped'];
  readonly health: Pick<HealthMonitor, 'look'>;
  /** The newest lines of the log, redacted. */
  readonly logs: (bytesMax: number) => Promise<Uint8Array>;
  readonly host: Host;
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
  readonly #health: HealthUplink;
  readonly #signIn: SignIn;
  readonly #keyRenewal: KeyRenewal;
  readonly #commands: Commands;
  readonly #connection: Connection;
  readonly #stopping = new AbortController();
  #isOnline = false;
  #lastAckAt: InstantMs | null = null;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
    const { claim, clock, cloudUrl, documents, door, journal, log, agentVersion } = parts;
    const sessions = new SignInSessions(parts.store, claim);
    const { signal } = this.#stopping;
    const signIn = new SignIn({
      ...parts,
      sessions,
      signal,
      onRotation: () => this.#keyRenewal.renew(),
      movedTo: parts.store.snapshot.values.get(valueKeys.brokerUrl),
      onBrokerMoved: (brokerUrl) => this.#keepBroker(brokerUrl),
    });
    this.#signIn = signIn;
    const api = new TerminalApi(cloudUrl, claim.terminal, signIn);
    this.api = api;
    this.#keyRenewal = new KeyRenewal({ ...parts, api });
    this.#desired = new Desired({ ...parts, api });
    this.#clockSync = new ClockSync({ ...parts, timeKey: claim.timeKey });
    this.#upload = new JournalUpload({
      ...parts,
      send: async (body, signal) => {
        const ack = await api.uploadJournal(body, signal);
        this.#lastAckAt = clock.now();
        return ack;
      },
    });
    this.#health = new HealthUplink({
      ...parts,
      monitor: parts.health,
      send: (report, signal) => api.tellHealth(report, signal),
    });
    const actions = {
      ...parts,
      resync: () => this.#resync(),
      tellCard: (card: LearnedCard) => api.tellLearnedCard(card, this.#stopping.signal),
      bringFile: (command: Command['id'], kind: CommandFileKind, bytes: Uint8Array) =>
        api.bringFile({ command, kind, bytes }, this.#stopping.signal),
    };
    this.#commands = new Commands({
      ...parts,
      report: (report) => this.#connection.report(report),
      carryOut: (command) => carryOut(actions, command),
    });
    this.#connection = new Connection({
      claim,
      caFile: parts.brokerCaFile,
      signIn,
      clock,
      log,
      state: () => ({
        agentVersion,
        applied: documents.versions(),
        doorOnline: door.isOnline(),
        screen: parts.standing(),
        doors: door.standings(),
      }),
      onCommand: (payload, session) => void this.#commands.receive(payload, session),
      onHint: (payload) => this.#hint(payload),
      onOnline: (online) => this.#online(online, journal),
    });
  }

  async start(): Promise<void> {
    await this.#commands.settleInterrupted();
    this.#clockSync.start();
    this.#desired.start();
    this.#upload.start();
    this.#connection.start();
    this.#health.start();
    this.#keyRenewal.start();
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([
      this.#connection.stop(),
      this.#desired.stop(),
      this.#upload.stop(),
      this.#clockSync.stop(),
      this.#health.stop(),
    ]);
    await this.#keyRenewal.stop();
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

  /** What became of a document of which that is known later. */
  settle: Desired['settle'] = (report) => this.#desired.settle(report);

  /** Why the cloud wants nothing of this terminal any more; undefined while it does, or has not been asked. */
  get out(): OutReason | undefined {
    return this.#signIn.out;
  }

  get health(): UplinkHealth {
    const { refused } = this.#desired;
    return {
      reconnects: this.#connection.reconnects,
      lastAckAt: this.#lastAckAt,
      isDocumentRefused: refused.some((kind) => kind !== 'software'),
      isUpdateRefused: refused.includes('software'),
    };
  }

  /** True while the broker can be reached. */
  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Something is out, or files are to stop at once. */
  #hint(payload: Uint8Array): void {
    const order = stopOrderIn(payload);
    const { stopped, claim, log } = this.#parts;
    if (!order) return this.#desired.wake();
    if (stopped.isKnown(order)) return;
    if (isGenuine(order, claim.doorAuthority)) stopped.stop(order);
    else log.warn({ code: 'wrong-signature', clips: order.clips }, 'an order to stop clips is not genuine');
  }

  /** As after a start: every document and the time are asked for, also a version that had failed, and the journal and presence are told. */
  #resync(): void {
    this.#desired.renew();
    this.#upload.wake();
    this.#clockSync.wake();
    this.#connection.announce();
  }

  /** For the next start, and for `doctor`; a disk that takes nothing hears of it again at the next sign-in. */
  #keepBroker(brokerUrl: string): void {
    const { store, log } = this.#parts;
    log.info({ brokerUrl }, 'the broker has moved');
    store.setValue(valueKeys.brokerUrl, brokerUrl).catch((error: unknown) => {
      log.error({ code: codeOf(error) }, 'where the broker is could not be kept');
    });
  }

  #online(online: boolean, journal: Journal): void {
    this.#isOnline = online;
    if (online) {
      this.#desired.wake();
      this.#upload.wake();
      this.#clockSync.wake();
      this.#health.wake();
    }
    journal.append({ stream: 'health', kind: 'uplink', body: { online } }).catch((error: unknown) => {
      this.#parts.log.error({ code: codeOf(error) }, 'the state of the uplink could not be journalled');
    });
  }
}
