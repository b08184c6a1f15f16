import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import { healthEveryMs, type ClaimResponse, type HealthReport } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../log.ts';
import { BackOff, Wakeable } from '../uplink/back-off.ts';
import { OutageLog } from '../uplink/outage-log.ts';
import type { HealthMonitor } from './health-monitor.ts';

export interface HealthUplinkParts {
  readonly claim: Pick<ClaimResponse, 'terminal'>;
  readonly monitor: Pick<HealthMonitor, 'look'>;
  /** Rejects as `askCloud` does. */
  readonly send: (report: HealthReport, signal: AbortSignal) => Promise<void>;
  readonly clock: Pick<Clock, 'mono'>;
  readonly log: Log;
  /** How soon a change of what is wrong is noticed. */
  readonly lookEveryMs?: number;
}

const usualLookEveryMs = 15_000;
/** Statuses of a cloud that does not know the route yet: an older one than this agent. */
const tooOldFor: ReadonlySet<unknown> = new Set([404, 405]);

/** Tells the cloud how this terminal is: at connect, every {@link healthEveryMs}, and at once when something goes wrong or right. */
export class HealthUplink {
  readonly #parts: HealthUplinkParts;
  readonly #wakeable = new Wakeable();
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #told: readonly string[] | undefined;
  #dueAt = 0;

  constructor(parts: HealthUplinkParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** The cloud can be reached again: it hears at once. */
  wake(): void {
    this.#dueAt = 0;
    this.#wakeable.wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { clock, log, lookEveryMs = usualLookEveryMs } = this.#parts;
    const backOff = new BackOff(clock, { baseMs: lookEveryMs, capMs: healthEveryMs });
    const outage = new OutageLog(log, 'telling the cloud of this terminal’s health');
    while (!signal.aborted) {
      let waitMs = lookEveryMs;
      try {
        await this.#look(signal);
        backOff.reset();
        outage.recovered();
      } catch (error) {
        if (signal.aborted) return;
        outage.failed(error);
        waitMs += backOff.nextMs();
      }
      await this.#wakeable.wait(waitMs, signal);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { claim, clock, monitor, send, log } = this.#parts;
    const seen = await monitor.look();
    const issues: readonly string[] = seen.issues;
    if (this.#told && clock.mono() < this.#dueAt && same(issues, this.#told)) return;
    if (!this.#told || !same(issues, this.#told)) log.info({ issues }, 'what is wrong with this terminal has changed');
    await this.#send({ v: 1, terminal: claim.terminal, ...seen }, send, signal);
    this.#told = issues;
    this.#dueAt = clock.mono() + healthEveryMs;
  }

  async #send(report: HealthReport, send: HealthUplinkParts['send'], signal: AbortSignal): Promise<void> {
    try {
      await send(report, signal);
    } catch (error) {
      if (!(error instanceof DomainError) || !tooOldFor.has(error.details['status'])) throw error;
    }
  }
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((issue, i) => issue === b[i]);
