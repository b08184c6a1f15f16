import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DomainError, InvariantError, instant, type Clock, type KeyStore } from '@gatecast/firmware-protocol';
import {
  documentKinds,
  type ClaimResponse,
  type DocumentKind,
  type DoorConfig,
  type ScreenEnrolment,
} from '@gatecast/firmware-protocol/messages';
import type { Logger } from 'pino';
import { z } from 'zod';
import { agentVersion } from './agent-version.ts';
import { Doorkeeper } from './door/doorkeeper.ts';
import type { HardwareListeners } from './door/hardware-listeners.ts';
import { createHardware, type DoorHardware, type DoorLinks } from './door/hardware.ts';
import { WiringCheck } from './door/wiring-check.ts';
import { HealthMonitor } from './health/health-monitor.ts';
import type { Host } from './host.ts';
import { createJournal, type Journal } from './journal/journal.ts';
import { logReport } from './log-report.ts';
import { LogRing } from './log-ring.ts';
import { mediaSource } from './player/media-source.ts';
import { createPlayer, type Player, type PlayerParts } from './player/player.ts';
import { statusOf } from './on-site/status-of.ts';
import type { OnSiteStatus } from './on-site/status.ts';
import { openDeviceKeys } from './store/device-keys.ts';
import { Documents } from './store/documents.ts';
import { PairedDevices } from './store/paired-devices.ts';
import { loadOrCreateKeys, type KeyRing } from './store/identity.ts';
import { valueKeys } from './store/snapshot.ts';
import { Store } from './store/store.ts';
import { codeOf } from './uplink/cloud-http.ts';
import { Enrolment } from './uplink/enrolment.ts';
import { TerminalClock } from './uplink/clock.ts';
import { OutageLog } from './uplink/outage-log.ts';
import { Probation } from './uplink/probation.ts';
import { Uplink } from './uplink/uplink.ts';
import { SoftwareUpdates, type UpdateOptions } from './update/software-updates.ts';
import type { Vitals } from './update/trial-rules.ts';

export interface AgentOptions {
  /** Keys, database and clips. */
  readonly dataDir: string;
  readonly cloudUrl: string;
  /** PEM file with the only roots to believe of the broker. */
  readonly brokerCaFile?: string | undefined;
  /** For the first start, by a script; without one the screen shows how to claim this terminal. */
  readonly claimCode?: string | undefined;
  /** What the machine is, as its property sees it before it claims it. */
  readonly model?: string;
  /** A cache on the site, or another place nearer than the cloud, to ask for clips first. */
  readonly mediaUrl?: string | undefined;
  /** Room for clips on the disk; default: 2 GiB. */
  readonly mediaBytesMax?: number;
  /** The ways to the doors' hardware. */
  readonly doorLinks: DoorLinks;
  /** The machine's clock. */
  readonly clock: Clock;
  readonly screen: PlayerParts['screen'];
  /** Undefined: not started by the launcher, and so not to be replaced by another release. */
  readonly update?: UpdateOptions | undefined;
  /** Another release is to be started in the place of this one: end in good order. */
  readonly onSuccessor?: () => void;
  /** Nothing can be kept any more until the program is started anew. */
  readonly onStoreLost?: (cause: unknown) => void;
  readonly log: Logger;
  /** What `log` has written last, for whoever looks for a fault from afar. */
  readonly logRing?: LogRing;
  /** Default: this program may restart nothing. */
  readonly host?: Host;
}

export interface AgentReady {
  /** Null when the screen's port was taken: the door works all the same. */
  readonly screenUrl: string | null;
  /** Null until this terminal was claimed. */
  readonly terminal: string | null;
}

/** Some hundred clips of 15 s. */
const usualMediaBytesMax = 2 * 1024 ** 3;
const entranceIds = z.array(z.string());
/** Of the newest log, to find the last errors in. */
const onSiteLogBytes = 65_536;

/** The program on the screen controller, wired together. */
export class Agent {
  readonly #options: AgentOptions;
  readonly #keys: KeyRing;
  readonly #store: Store;
  readonly #clock: TerminalClock;
  readonly #journal: Journal;
  readonly #documents: Documents;
  readonly #player: Player;
  readonly #door: Doorkeeper;
  readonly #wiringCheck: WiringCheck;
  readonly #probation: Probation;
  readonly #pairedDevices: PairedDevices;
  readonly #enrolment: Enrolment;
  readonly #updates: SoftwareUpdates;
  readonly #health: HealthMonitor;
  #screenUrl: string | null = null;
  #deviceKeys: KeyStore | undefined;
  #uplink: Uplink | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: AgentOptions) {
    const { dataDir, log, screen } = options;
    this.#options = options;
    this.#keys = loadOrCreateKeys(dataDir);
    const store = new Store({ dataDir, onLost: (cause) => options.onStoreLost?.(cause) });
    const clock = new TerminalClock(options.clock);
    const clockQuality = () => clock.quality();
    const boot = randomBytes(12).toString('base64url');
    const journal = createJournal({ store, clock, clockQuality, boot });
    const documents = new Documents(store, this.#keys);
    this.#player = createPlayer({
      clock,
      provenNow: () => clock.highMs,
      log,
      journal,
      documents,
      screen,
      memory: {
        get: (key) => store.snapshot.values.get(`player/${key}`),
        set: (key, value) => store.setValue(`player/${key}`, value),
      },
      mediaDir: join(dataDir, 'media'),
      mediaBytesMax: options.mediaBytesMax ?? usualMediaBytesMax,
      terminal: () => store.snapshot.claim?.terminal ?? null,
      fetchMedia: mediaSource(options.mediaUrl, async ({ sha256, fromByte }, signal) =>
        this.#api().media(sha256, fromByte, signal),
      ),
      shortLinkKey: () => documents.shortLinkKey(),
      onSite: () => this.#onSite(),
      enrolment: () => this.#enrolmentView(),
    });
    this.#door = new Doorkeeper({
      clock,
      clockQuality,
      provenNow: () => clock.highMs,
      journal,
      store,
      log,
      listener: this.#player.listener,
      access: () => documents.access(),
      onChange: () => {
        this.#updates.doorChanged();
        this.#uplink?.announce();
      },
      newHardware: (doors, listeners) => this.#newHardware(doors, listeners),
    });
    this.#wiringCheck = new WiringCheck({
      standings: () => this.#door.standings(),
      onSilent: () => this.#takeBackWiring(),
    });
    this.#probation = new Probation({
      documents,
      checks: { ...this.#player.checks, config: () => () => this.#wiringCheck.verdict() },
      onFault: async (kind, version, reason) => this.#uplink?.revert(kind, version, reason),
      onProven: () => this.#uplink?.askDesired(),
      log,
    });
    this.#pairedDevices = new PairedDevices(store);
    this.#enrolment = new Enrolment({ model: 'unknown', ...options, keys: this.#keys, store, agentVersion });
    this.#store = store;
    this.#clock = clock;
    this.#journal = journal;
    this.#documents = documents;
    this.#updates = this.#newUpdates();
    this.#health = this.#newHealth(boot);
  }

  /**
   * Resolves when the door works and the screen is served; the cloud may come later. Rejects if the data folder cannot be read; one that
   * takes no writes keeps nobody out.
   */
  async start(): Promise<AgentReady> {
    await this.#store.start();
    await this.#orLog(this.#store.beginRun(), 'the start of this run could not be noted');
    const { values, claim } = this.#store.snapshot;
    const highMs = values.get(valueKeys.wallHighMs);
    if (highMs !== undefined) this.#clock.restore(instant(Number(highMs)));
    await this.#health.start();
    this.#documents.onChange((kind) => this.#changed(kind));
    this.#documents.beforeChange((kind) => this.#keepAnsweringDoors(kind));
    this.#documents.start();
    this.#probation.start(documentKinds.options);
    this.#deviceKeys = await openDeviceKeys(this.#options.dataDir, this.#keys, this.#options.log);
    this.#changed('config');
    this.#resumeWiringCheck();
    this.#screenUrl = await this.#startScreen();
    this.#tellOptedIn();
    this.#updates.start();
    if (claim) await this.#begin(claim);
    else await this.#enrolment.start((answer) => this.#begin(answer));
    return { screenUrl: this.#screenUrl, terminal: this.#store.snapshot.claim?.terminal ?? null };
  }

  /** The loop turns, and the store's thread answers. What the network or the door do is no reason to start this program anew. */
  async isWell(): Promise<boolean> {
    return this.#store.answers();
  }

  /** Everything that was decided is on the disk when this resolves. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#wiringCheck.stop();
    this.#probation.stop();
    await this.#updates.stop();
    await this.#enrolment.stop();
    this.#door.stop();
    await this.#player.stop();
    await this.#uplink?.stop();
    await this.#orLog(this.#store.stop(), 'the end of this run could not be noted');
  }

  async #startScreen(): Promise<string | null> {
    try {
      return (await this.#player.start()).url;
    } catch (error) {
      this.#options.log.error({ err: error }, 'the screen cannot be served');
      return null;
    }
  }

  /** The terminal has a name: from here on there is a journal and an uplink. */
  async #begin(claim: ClaimResponse): Promise<void> {
    const boot = { agentVersion, unclean: this.#store.snapshot.unclean };
    await this.#orLog(
      this.#journal.append({ stream: 'health', kind: 'boot', body: boot }),
      'the start of this run could not be journalled',
    );
    this.#uplink = new Uplink({
      cloudUrl: this.#options.cloudUrl,
      brokerCaFile: this.#options.brokerCaFile,
      claim,
      keys: this.#keys,
      clock: this.#clock,
      store: this.#store,
      journal: this.#journal,
      documents: this.#documents,
      door: this.#door,
      screen: this.#player.probes,
      standing: () => this.#player.standing(),
      stopped: this.#player.stopped,
      health: this.#health,
      logs: (bytesMax) => logReport(this.#options.logRing ?? new LogRing(), bytesMax),
      host: this.#options.host ?? {},
      agentVersion,
      log: this.#options.log,
    });
    await this.#uplink.start();
    this.#updates.wake();
  }

  /** What the screen says while this terminal is not in service. */
  #enrolmentView(): ScreenEnrolment | null {
    const reason = this.#uplink?.out;
    if (reason) return { state: 'out', reason };
    if (!this.#store.snapshot.claim) return this.#enrolment.view;
    return this.#documents.current('config') ? null : { state: 'claimed' };
  }

  /** What an installer on the spot is told; nothing of it names a person. */
  async #onSite(): Promise<OnSiteStatus> {
    return statusOf({
      health: await this.#health.look(),
      standings: this.#door.standings(),
      versions: this.#documents.versions(),
      terminal: this.#store.snapshot.claim?.terminal ?? null,
      online: this.#uplink?.isOnline ?? false,
      logLines: this.#options.logRing?.newest(onSiteLogBytes) ?? [],
    });
  }

  async #orLog(work: Promise<unknown>, failed: string): Promise<void> {
    await work.catch((error: unknown) => this.#options.log.error({ code: codeOf(error), err: error }, failed));
  }

  #changed(kind: DocumentKind): void {
    this.#uplink?.announce();
    if (kind === 'access') this.#tellOptedIn();
    const config = kind === 'config' ? this.#documents.current('config') : undefined;
    if (!config) return;
    this.#wiringCheck.watch(() => this.#door.configure(config.doors, config.zone));
  }

  /** Whoever is on the list in force; nothing is kept of those who are not. */
  #tellOptedIn(): void {
    const access = this.#documents.access();
    if (access) this.#player.listener.optedIn(access.pseudonyms);
  }

  /** Which doors answer before a configuration is put in force: that it has silenced one is to be found also if this run ends first. */
  #keepAnsweringDoors(kind: DocumentKind): void {
    // Of several versions that come at once the first is compared with.
    if (kind !== 'config' || this.#documents.onTrial('config')) return;
    const answering = JSON.stringify(this.#wiringCheck.answering());
    void this.#orLog(this.#store.setValue(valueKeys.answeringDoors, answering), 'which doors answer could not be kept');
  }

  #resumeWiringCheck(): void {
    const answered = this.#store.snapshot.values.get(valueKeys.answeringDoors);
    if (answered !== undefined && this.#documents.onTrial('config')) {
      this.#wiringCheck.resume(entranceIds.parse(JSON.parse(answered)));
    }
  }

  #newUpdates(): SoftwareUpdates {
    const options = this.#options;
    return new SoftwareUpdates({
      options: options.update,
      documents: this.#documents,
      clock: this.#clock,
      log: options.log,
      agentVersion,
      fetchArchive: async (sha256, fromByte, signal) => this.#api().release(sha256, fromByte, signal),
      vitals: () => this.#vitals(),
      doors: () => this.#door.standings(),
      tell: async (report) => {
        await this.#uplink?.settle(report);
        return this.#uplink !== undefined;
      },
      restart: () => options.onSuccessor?.(),
    });
  }

  #newHealth(boot: string): HealthMonitor {
    const { dataDir, log, model } = this.#options;
    return new HealthMonitor({
      dataDir,
      boot,
      agentVersion,
      model,
      clock: this.#clock,
      store: this.#store,
      door: this.#door,
      screen: () => this.#player.screen(),
      uplink: () => this.#uplink?.health,
      log,
    });
  }

  #newHardware(doors: readonly DoorConfig[], listeners: HardwareListeners): DoorHardware {
    const { doorLinks, log } = this.#options;
    if (!this.#deviceKeys) throw new InvariantError('the device keys are open before the doors are configured');
    const outages = {
      osdp: outageOf(log, 'the OSDP bus'),
      relay: outageOf(log, 'the relay boards'),
      mqtt: outageOf(log, 'the broker of the relays'),
    };
    const paired = this.#pairedDevices;
    return createHardware({
      ...listeners,
      onReader: (event) => {
        if (event.type === 'wire' && (event.state === 'paired' || event.state === 'secured')) {
          void this.#orLog(paired.add(event.address), 'that a reader was paired could not be kept');
        }
        listeners.onReader(event);
      },
      links: doorLinks,
      clock: this.#clock,
      doors,
      secure: { keys: this.#deviceKeys, paired },
      onLink: (isUp, error, link) => (isUp ? outages[link].recovered() : outages[link].failed(linkFault(error))),
      log,
    });
  }

  /**
   * A door that answered does not answer since it was wired anew. A version that came after that one brings the same wiring, so it is the one in
   * force that goes. If that fails, the end of its probation tries again.
   */
  #takeBackWiring(): void {
    const { log } = this.#options;
    const version = this.#documents.version('config');
    log.error({ code: 'door-went-silent', version }, 'a door does not answer since it was wired anew');
    void this.#orLog(
      (async () => this.#uplink?.revert('config', version, 'door-went-silent'))(),
      'the configuration could not be taken back',
    );
  }

  #api(): Uplink['api'] {
    if (!this.#uplink) throw new DomainError('cloud-unreachable', 'a terminal without a claim has no cloud to ask');
    return this.#uplink.api;
  }

  #vitals(): Vitals {
    const working = this.#door.standings().filter(({ online }) => online);
    return {
      doors: working.map(({ entrance }) => entrance),
      screen: this.#screenUrl !== null,
      uplink: this.#uplink?.isOnline ?? false,
    };
  }
}

const outageOf = (log: Logger, what: string) => new OutageLog(log, what);

const linkFault = (error: Error | undefined) =>
  new DomainError(
    error && 'code' in error ? String(error.code) : 'link-closed',
    error?.message ?? 'the door link closed',
  );
