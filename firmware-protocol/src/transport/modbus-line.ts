import type { MasterEvent, RequestOutcome, RequestRefusal } from '../modbus/master-events.ts';
import type { ModbusRequest } from '../modbus/requests.ts';
import { RtuMaster } from '../modbus/rtu-master.ts';
import type { RequestOptions } from '../modbus/rtu-master.ts';
import type { MasterUnit } from '../modbus/unit-link.ts';
import type { Clock } from '../units/time.ts';
import { AwaitedOutcomes } from './awaited-outcomes.ts';
import { LineRunner } from './line-runner.ts';
import type { LinkFactory } from './link.ts';

export interface ModbusLineOptions {
  readonly connect: LinkFactory;
  readonly clock: Clock;
  /** Of the wire, also behind a network link. */
  readonly baud: number;
  readonly units: readonly MasterUnit[];
  readonly onEvent: (event: MasterEvent) => void;
  /** The byte link came up or went down; `error` says why it broke. Whether units *answer* is told by `online`/`offline`. */
  readonly onLink?: (isUp: boolean, error: Error | undefined) => void;
}

/** As {@link RequestOutcome}, with the reasons for which a request was not accepted at all. */
export type ModbusOutcome =
  | RequestOutcome
  | {
      readonly ok: false;
      readonly reason: RequestRefusal;
      readonly mayHaveRun: false;
      readonly exception: undefined;
    };

/** Runs an {@link RtuMaster} on a byte link: timers, reconnection, and requests as promises. An urgent request is the next on a free line. */
export class ModbusLine {
  readonly master: RtuMaster;
  readonly #options: ModbusLineOptions;
  readonly #outcomes = new AwaitedOutcomes<RequestOutcome>();
  readonly #runner: LineRunner;

  /** Throws as {@link RtuMaster} does. */
  constructor(options: ModbusLineOptions) {
    this.#options = options;
    const { connect, clock, baud, units, onLink } = options;
    this.master = new RtuMaster({ baud, units, onEvent: (event) => this.#onMasterEvent(event) });
    this.#runner = new LineRunner({ connect, clock, onLink, engine: this.master });
  }

  get isUp(): boolean {
    return this.#runner.isUp;
  }

  /** Returns at once; the hardware may come later. */
  start(): void {
    this.#runner.start();
  }

  /** Idempotent. What has not been answered fails with `removed`; no event follows. */
  stop(): void {
    this.#runner.stop();
    this.#outcomes.settleAll({ ok: false, reason: 'removed', mayHaveRun: true, exception: undefined });
  }

  /** Resolves always, with the unit's answer or the reason why there is none. Throws RangeError for what cannot be asked. */
  send(unit: number, request: ModbusRequest, options?: RequestOptions): Promise<ModbusOutcome> {
    if (!this.#runner.isRunning) {
      return Promise.resolve({ ok: false, reason: 'offline', mayHaveRun: false, exception: undefined });
    }
    const submission = this.master.submit(unit, request, this.#options.clock.mono(), options);
    if (!submission.accepted) {
      return Promise.resolve({ ok: false, reason: submission.reason, mayHaveRun: false, exception: undefined });
    }
    const outcome = this.#outcomes.of(submission.requestId);
    this.#runner.pump();
    return outcome;
  }

  /** Somebody is at the door of this unit: it is polled fast for so long. */
  expectPerson(unit: number, durationMs: number): void {
    const nowMs = this.#options.clock.mono();
    this.master.expectPerson(unit, nowMs + durationMs, nowMs);
    this.#runner.pump();
  }

  #onMasterEvent(event: MasterEvent): void {
    if (event.type === 'outcome') {
      this.#outcomes.settle(event.requestId, event.outcome);
    }
    if (this.#runner.isRunning) {
      this.#options.onEvent(event);
    }
  }
}
