import type { RelayBoardDevice } from './relay-board-device.ts';
import type { MasterEvent, RequestOutcome } from './master-events.ts';
import { RtuMaster } from './rtu-master.ts';
import type { RequestOptions, RtuMasterOptions } from './rtu-master.ts';
import type { ModbusRequest } from './requests.ts';
import { rtuWireTimeMs } from './rtu-timing.ts';
import type { MasterUnit } from './unit-link.ts';

/** What the wire does to one transmission: the byte strings that arrive one behind the other, none for a loss. */
export type WireFault = (bytes: Uint8Array) => readonly Uint8Array[];

export interface VirtualLineOptions {
  readonly baud?: number;
  readonly units: readonly MasterUnit[];
  /** Those that are there. */
  readonly boards: readonly RelayBoardDevice[];
  /** Whether the adapter returns what the master sends. */
  readonly isEchoing?: boolean;
  readonly onEvent?: RtuMasterOptions['onEvent'];
}

interface Arrival {
  readonly atMs: number;
  readonly bytes: Uint8Array;
  readonly deliver: (bytes: Uint8Array, nowMs: number) => void;
}

/** One RS-485 line in virtual time: a master at one end, relay boards along it, and what happened with its times. */
export class VirtualLine {
  readonly master: RtuMaster;
  readonly events: (MasterEvent & { readonly atMs: number })[] = [];
  readonly sent: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];
  nowMs = 0;
  /** How long a board thinks. */
  answerMs = 3;
  fault: WireFault = (bytes) => [bytes];
  isEchoing: boolean;
  boards: readonly RelayBoardDevice[];
  readonly #baud: number;
  #arrivals: Arrival[] = [];

  constructor({ baud = 115_200, units, boards, isEchoing = false, onEvent }: VirtualLineOptions) {
    this.#baud = baud;
    this.boards = boards;
    this.isEchoing = isEchoing;
    this.master = new RtuMaster({
      baud,
      units,
      onEvent: (event) => {
        this.events.push({ ...event, atMs: this.nowMs });
        onEvent?.(event);
      },
    });
  }

  /** Id of the request; fails the test when it is refused. */
  submit(unit: number, request: ModbusRequest, options: RequestOptions = {}): number {
    const submission = this.master.submit(unit, request, this.nowMs, options);
    if (!submission.accepted) {
      throw new Error(`unit ${unit} refuses a request: ${submission.reason}`);
    }
    return submission.requestId;
  }

  /** Ends of a request: one, once it has ended. */
  outcomes(requestId: number): readonly RequestOutcome[] {
    return this.events.flatMap((event) =>
      event.type === 'outcome' && event.requestId === requestId ? [event.outcome] : [],
    );
  }

  count(type: MasterEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs;
    this.#step();
    for (let next = this.#nextMs(); next <= endMs; next = this.#nextMs()) {
      this.nowMs = Math.max(this.nowMs, next);
      this.#deliverDue();
      this.#step();
    }
    this.nowMs = endMs;
    for (const board of this.boards) {
      board.advance(endMs);
    }
  }

  #step(): void {
    for (const board of this.boards) {
      board.advance(this.nowMs);
    }
    const bytes = this.master.nextTransmission(this.nowMs);
    if (bytes === undefined) {
      return;
    }
    this.sent.push({ atMs: this.nowMs, bytes });
    if (this.isEchoing) {
      this.#arrive(bytes, this.nowMs + rtuWireTimeMs(bytes.length, this.#baud), (echo, atMs) =>
        this.master.receive(echo, atMs),
      );
    }
    this.#carry(bytes, 0, (arrived, atMs) => this.#hear(arrived, atMs));
  }

  #hear(bytes: Uint8Array, nowMs: number): void {
    for (const board of this.boards) {
      for (const answer of board.receive(bytes, nowMs)) {
        this.#carry(answer, this.answerMs, (arrived, atMs) => this.master.receive(arrived, atMs));
      }
    }
  }

  #carry(bytes: Uint8Array, afterMs: number, deliver: Arrival['deliver']): void {
    let atMs = this.nowMs + afterMs;
    for (const arrived of this.fault(bytes)) {
      atMs += rtuWireTimeMs(bytes.length, this.#baud);
      this.#arrive(arrived, atMs, deliver);
    }
  }

  #arrive(bytes: Uint8Array, atMs: number, deliver: Arrival['deliver']): void {
    this.#arrivals.push({ atMs, bytes, deliver });
  }

  #deliverDue(): void {
    const due = this.#arrivals.filter(({ atMs }) => atMs <= this.nowMs).sort((a, b) => a.atMs - b.atMs);
    this.#arrivals = this.#arrivals.filter(({ atMs }) => atMs > this.nowMs);
    for (const { bytes, deliver } of due) {
      deliver(bytes, this.nowMs);
    }
  }

  #nextMs(): number {
    return Math.min(
      this.master.nextDeadlineMs() ?? Number.POSITIVE_INFINITY,
      ...this.#arrivals.map(({ atMs }) => atMs),
      ...this.boards.map((board) => board.nextDeadlineMs() ?? Number.POSITIVE_INFINITY),
    );
  }
}
