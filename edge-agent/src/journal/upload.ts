import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import { batchBytesMax, batchRowsMax, type JournalStream } from '@gatecast/firmware-protocol/messages';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { BackOff, cloudBackOff, Wakeable } from '../uplink/back-off.ts';
import { OutageLog } from '../uplink/outage-log.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';
import type { Journal } from './journal.ts';

export interface JournalUploadParts extends DeliveryParts {
  readonly store: DeliveryParts['store'] & Pick<Store, 'nextBatch'>;
  readonly journal: DeliveryParts['journal'] & Pick<Journal, 'onAppend'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What matters most leaves first. */
const order: readonly JournalStream[] = ['door', 'play', 'health'];
/** Rows that follow each other closely share a batch. */
const gatherMs = 100;
/** With nothing new to send, the upload still looks now and then. */
const idleMs = 30_000;
/** Between two batches of a backlog everybody else is let through, on this machine and in the cloud: as long as the one before took, but no longer than this. */
const breatherMsMax = 100;
/** Half of what a batch may hold: reading and packing it, and storing it in the cloud, is what a command has to wait for. */
const rowsMax = batchRowsMax / 2;
/** Room for the envelope around a batch's rows. */
const envelopeBytes = 2_048;
const bytesMax = batchBytesMax - envelopeBytes;
/** However long the cloud would like to be left alone. */
const askedWaitMsMax = 300_000;

/** Brings the journal to the cloud, oldest rows first; nothing leaves the disk before its ack. */
export class JournalUpload {
  readonly #parts: JournalUploadParts;
  readonly #delivery: Delivery;
  readonly #newRows = new Wakeable();
  readonly #retry = new Wakeable();
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #stopListening = () => {};

  constructor(parts: JournalUploadParts) {
    this.#parts = parts;
    this.#delivery = new Delivery(parts);
  }

  start(): void {
    this.#stopping = new AbortController();
    this.#stopListening = this.#parts.journal.onAppend(() => this.#newRows.wake());
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopListening();
    this.#stopping.abort();
    await this.#running;
  }

  /** The cloud can be reached again: do not sit out the back-off. */
  wake(): void {
    this.#retry.wake();
    this.#newRows.wake();
  }

  async #run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(this.#parts.clock, cloudBackOff);
    const gather = new Wakeable();
    const outage = new OutageLog(this.#parts.log, 'the journal upload');
    while (!signal.aborted) {
      try {
        await this.#drain(signal);
        backOff.reset();
        outage.recovered();
        await this.#newRows.wait(idleMs, signal);
        await gather.wait(gatherMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        outage.failed(error);
        await gather.wait(askedWaitMs(error), signal);
        await this.#retry.wait(backOff.nextMs(), signal);
      }
    }
  }

  /**
   * Sends until every stream is empty; new rows of the door go before old ones of the others.
   * A stream about which the two do not agree waits, the others go on: a `lost` row of `health` may be what explains the refusal.
   */
  async #drain(signal: AbortSignal): Promise<void> {
    const refused = new Map<JournalStream, DomainError>();
    const sendNext = async (): Promise<boolean> => {
      for (const stream of order) {
        if (refused.has(stream)) continue;
        try {
          if (await this.#sendBatch(stream, signal)) return true;
        } catch (error) {
          if (!isOfStream(error)) throw error;
          refused.set(stream, error);
        }
      }
      return false;
    };
    const breather = new Wakeable();
    for (;;) {
      const began = this.#parts.clock.mono();
      if (signal.aborted || !(await sendNext())) break;
      await breather.wait(Math.min(this.#parts.clock.mono() - began, breatherMsMax), signal);
    }
    for (const error of refused.values()) throw error;
  }

  async #sendBatch(stream: JournalStream, signal: AbortSignal): Promise<boolean> {
    const batch = await this.#parts.store.nextBatch({ stream, rowsMax, bytesMax });
    if (!batch) return false;
    await this.#delivery.deliver(stream, batch, signal);
    return true;
  }
}

/** What the cloud answers to these very rows: that it does not agree, or that it cannot read them. */
const ofRows: ReadonlySet<unknown> = new Set([400, 409, 413, 422]);
/** Refusals that say nothing about the other streams. */
const isOfStream = (error: unknown): error is DomainError =>
  error instanceof DomainError &&
  (ofRows.has(error.details['status']) || error.code === 'bad-checkpoint' || error.code === 'wrong-ack');

/** How long a busy cloud asks to be left alone, with a random part of as much again: those whom it has sent away do not come back together. */
function askedWaitMs(error: unknown, random: () => number = Math.random): number {
  const asked = error instanceof DomainError ? Number(error.details['retryAfterSeconds']) : Number.NaN;
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked * 1_000, askedWaitMsMax) * (1 + random()) : 0;
}
