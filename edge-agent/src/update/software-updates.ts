import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import {
  protocolVersion,
  updateFault,
  type DoorStanding,
  type DownloadTerms,
  type ReleaseManifest,
  type Reported,
  type SignedRelease,
  type SoftwareDocument,
  type UpdateFault,
} from '@gatecast/firmware-protocol/messages';
import { releaseFault, requireGenuine } from '@gatecast/firmware-protocol/release';
import type { Log } from '../log.ts';
import type { Documents } from '../store/documents.ts';
import { BackOff, Wakeable } from '../uplink/back-off.ts';
import { codeOf } from '../uplink/cloud-http.ts';
import { committed, ended } from './boot-rules.ts';
import { readBootState, writeBootState, type BootState, type Outcome, type Trial } from './boot-state.ts';
import { isOpen, paceOf } from '../uplink/download-terms.ts';
import { judge } from './release-rules.ts';
import { mayRestart } from './restart-rules.ts';
import { otherSlot, places, type Places, type Slot } from './slots.ts';
import { releaseIn } from './slot-check.ts';
import { stageRelease, systemFreeBytes } from './stage-release.ts';
import { steadyMs, type Vitals } from './trial-rules.ts';
import { TrialWatch } from './trial-watch.ts';
import { learnSuccessions, trustedKeys, type KeyFiles } from './trusted-keys.ts';
import type { HttpAnswer } from '../uplink/http-request.ts';

/** What the launcher and the install say of this machine. */
export interface UpdateOptions {
  readonly softwareDir: string;
  /** The slot that this program was started from. */
  readonly slot: Slot;
  /** The pinned update keys. */
  readonly keysFile: string;
  readonly model: string;
  readonly trialMs: number;
  /** Shorter in tests. */
  readonly steadyMs?: number;
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface UpdateParts {
  /** Undefined: not started by the launcher. */
  readonly options: UpdateOptions | undefined;
  readonly documents: Pick<Documents, 'current' | 'version' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly agentVersion: string;
  readonly fetchArchive: (sha256: string, fromByte: number, signal: AbortSignal) => Promise<HttpAnswer>;
  readonly vitals: () => Vitals;
  readonly doors: () => readonly DoorStanding[];
  /** Notes in the journal what became of a document, and sees to it that the cloud hears of it. False: nobody to tell yet. */
  readonly tell: (report: Reported) => Promise<boolean>;
  /** Ends this program in good order; the launcher chooses anew. */
  readonly restart: () => void;
}

const lookEveryMs = 1_000;
/** Until something wakes it; timers take no longer wait. */
const restMs = 2 ** 31 - 1;
const retryMs = { baseMs: 2_000, capMs: 300_000 };

/**
 * Brings the agent to the release that its `software` document names: checked, fetched, unpacked beside what runs, switched to in a quiet moment, and
 * kept only if everything that worked still works.
 */
export class SoftwareUpdates {
  readonly #parts: UpdateParts;
  readonly #wakeable = new Wakeable();
  #stopping = new AbortController();
  /** Ends the work on a document that a newer one has overtaken. */
  #overtaken = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #stopListening: (() => void) | undefined;
  #watch: TrialWatch | undefined;
  #doorsChangedAt = 0;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#doorsChangedAt = this.#parts.clock.mono();
    this.#stopListening = this.#parts.documents.onChange((kind) => {
      if (kind !== 'software') return;
      this.#overtaken.abort();
      this.wake();
    });
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stopping.abort();
    this.#watch?.stop();
    await this.#running;
  }

  /** Look again: there is a cloud to tell, or to ask. */
  wake(): void {
    this.#wakeable.wake();
  }

  /** A door stands otherwise than before: somebody is there. */
  doorChanged(): void {
    this.#doorsChangedAt = this.#parts.clock.mono();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log, options } = this.#parts;
    const backOff = new BackOff(clock, retryMs);
    while (!signal.aborted) {
      try {
        await (options ? this.#turn(options, signal) : this.#refuse());
        backOff.reset();
        await this.#wakeable.wait(restMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ code: codeOf(error), err: error }, 'the update pauses');
        await this.#wakeable.wait(backOff.nextMs(), signal);
      }
    }
  }

  /** There is nothing to switch where this program was not started by the launcher. */
  async #refuse(): Promise<void> {
    const { documents, tell } = this.#parts;
    const version = documents.version('software');
    if (version > 0) await tell({ kind: 'software', version, state: 'failed', reason: 'updates-unsupported' });
  }

  /** Everything that is to be done now. Rejects with what may pass. */
  async #turn(options: UpdateOptions, stop: AbortSignal): Promise<void> {
    const at = places(options.softwareDir);
    const state = await readBootState(at.state);
    // One for the other slot: this program is about to end for it.
    if (state.trial) return state.trial.slot === options.slot ? this.#watchTrial(options, at, state.trial) : undefined;
    await this.#tellOutcome(at);
    const { documents } = this.#parts;
    const [version, wanted] = [documents.version('software'), documents.current('software')];
    if (!wanted || state.outcome?.document === version) return;
    this.#overtaken = new AbortController();
    const signal = AbortSignal.any([stop, this.#overtaken.signal]);
    try {
      await this.#bring(options, at, { version, wanted, signal });
    } catch (error) {
      const fault = verdictOf(error);
      if (!fault || signal.aborted) throw error;
      this.#parts.log.error({ code: fault, document: version, err: error }, 'a release is refused');
      await this.#settle(at, ended(version, 'failed', fault));
    }
  }

  async #bring(options: UpdateOptions, at: Places, { version, wanted, signal }: Task): Promise<void> {
    const { agentVersion, clock, log } = this.#parts;
    const { release, download } = wanted;
    const verdict = await this.#judge(options, at, release);
    if (verdict === 'already-running') return this.#settle(at, ended(version, 'applied', null));
    const { manifest } = release;
    log.info({ from: agentVersion, to: manifest.version, document: version }, 'a release is fetched');
    await this.#inWindow(wanted, signal, (stop) =>
      stageRelease({
        places: at,
        slot: otherSlot(options.slot),
        release,
        fetchFrom: (fromByte, signal) => this.#parts.fetchArchive(manifest.archive.sha256, fromByte, signal),
        pace: paceOf(download, clock),
        stop,
        freeBytes: options.freeBytes ?? systemFreeBytes,
      }),
    );
    await this.#untilRestart(wanted, signal);
    await this.#requireStillGiven(manifest.archive, signal);
    await this.#change(at, (state) => ({
      ...state,
      active: options.slot,
      trial: {
        slot: otherSlot(options.slot),
        version: manifest.version,
        document: version,
        attempts: 0,
        before: this.#before(),
        fault: null,
      },
    }));
    log.info({ from: agentVersion, to: manifest.version }, 'the agent ends for its successor');
    this.#parts.restart();
  }

  /** Throws the fault of a release that is not for this machine, or that nobody whom it believes has signed. */
  async #judge(options: UpdateOptions, at: Places, release: SignedRelease): Promise<'install' | 'already-running'> {
    requireGenuine(await trustedKeys(keyFilesOf(options, at)), release);
    const { floor } = await readBootState(at.state);
    const held = await releaseIn(at.slot(options.slot));
    const verdict = judge(release.manifest, {
      version: held?.manifest.version ?? this.#parts.agentVersion,
      archive: held?.manifest.archive.sha256,
      model: options.model,
      protocol: protocolVersion,
      floor,
    });
    if (verdict === 'install' || verdict === 'already-running') return verdict;
    throw releaseFault(verdict, 'the release is not for this machine', { version: release.manifest.version, floor });
  }

  /** Waits until a release may be fetched, and stops the work when it no longer may. */
  async #inWindow(
    { download }: SoftwareDocument,
    signal: AbortSignal,
    work: (stop: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const mayFetch = () => this.#isOpen(download.window);
    while (!mayFetch()) {
      await this.#wakeable.wait(lookEveryMs, signal);
      signal.throwIfAborted();
    }
    const closed = new AbortController();
    const look = setInterval(() => {
      if (!mayFetch()) closed.abort();
    }, lookEveryMs);
    try {
      await work(AbortSignal.any([signal, closed.signal]));
    } finally {
      clearInterval(look);
    }
  }

  #isOpen(window: DownloadTerms['window']): boolean {
    const { clock, documents } = this.#parts;
    return isOpen(window, clock.now(), documents.current('config')?.zone);
  }

  /** A release may be taken back while it waits for its moment. Rejects when it was; who cannot ask waits on. */
  async #requireStillGiven({ sha256, bytes }: ReleaseManifest['archive'], signal: AbortSignal): Promise<void> {
    const { status, body } = await this.#parts.fetchArchive(sha256, bytes - 1, signal);
    await body?.cancel();
    if (status >= 400) throw new DomainError('release-not-given', 'the cloud gives this release no more', { status });
  }

  /** In the window in which this terminal may restart, at a moment when nobody is at a door. */
  async #untilRestart({ download }: SoftwareDocument, signal: AbortSignal): Promise<void> {
    const { clock, doors } = this.#parts;
    const isQuiet = () => mayRestart(doors(), clock.mono() - this.#doorsChangedAt);
    while (!this.#isOpen(download.restartWindow) || !isQuiet()) {
      await this.#wakeable.wait(lookEveryMs, signal);
      signal.throwIfAborted();
    }
  }

  #before() {
    const { doors, screen, uplink } = this.#parts.vitals();
    return { doors: [...doors], screen, uplink };
  }

  #watchTrial(options: UpdateOptions, at: Places, { before, version }: Trial): void {
    if (this.#watch) return;
    const { clock, vitals, log } = this.#parts;
    this.#watch = new TrialWatch({
      clock,
      before,
      vitals,
      trialMs: options.trialMs,
      steadyMs: options.steadyMs ?? steadyMs,
      onVerdict: (fault) => {
        log.info({ version, fault }, 'the trial of this release is over');
        this.#endTrial(options, at, fault).catch((error: unknown) => {
          // The launcher ends a trial that nobody ends.
          log.error({ code: codeOf(error), err: error }, 'the end of the trial could not be noted');
        });
      },
    });
    this.#watch.start();
  }

  async #endTrial(options: UpdateOptions, at: Places, fault: UpdateFault | undefined): Promise<void> {
    if (fault) {
      await this.#change(at, (state) => ({ ...state, trial: state.trial && { ...state.trial, fault } }));
      return this.#parts.restart();
    }
    const held = await releaseIn(at.slot(options.slot));
    if (held) await learnSuccessions(keyFilesOf(options, at), held.successions);
    await this.#change(at, committed);
    this.#watch = undefined;
    this.wake();
  }

  async #settle(at: Places, outcome: Outcome): Promise<void> {
    await this.#change(at, (state) => ({ ...state, outcome }));
    await this.#tellOutcome(at);
  }

  /** Told once; where there is nobody to tell, at the next start or wake. */
  async #tellOutcome(at: Places): Promise<void> {
    const { outcome } = await readBootState(at.state);
    if (!outcome || outcome.told) return;
    const { document: version, state, reason } = outcome;
    const isTold = await this.#parts.tell({ kind: 'software', version, state, ...(reason && { reason }) });
    if (isTold) await this.#change(at, (now) => ({ ...now, outcome: { ...outcome, told: true } }));
  }

  async #change(at: Places, change: (state: BootState) => BootState): Promise<void> {
    await writeBootState(at.state, change(await readBootState(at.state)));
  }
}

interface Task {
  readonly version: number;
  readonly wanted: SoftwareDocument;
  readonly signal: AbortSignal;
}

const keyFilesOf = ({ keysFile }: UpdateOptions, { successions }: Places): KeyFiles => ({
  pinned: keysFile,
  learned: successions,
});

/** Undefined for what may pass. */
const verdictOf = (error: unknown): UpdateFault | undefined =>
  error instanceof DomainError ? updateFault.safeParse(error.code).data : undefined;
