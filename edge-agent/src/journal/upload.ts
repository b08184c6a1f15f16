import { DomainError, InvariantError, type Clock } from '@gatecast/firmware-protocol';
import { batchBytesMax, batchRowsMax, type JournalAck, type JournalStream } from '@gatecast/firmware-protocol/messages';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { BackOff, Wakeable } from '../uplink/back-off.ts';
import { OutageLog } from '../uplink/outage-log.ts';
import type { Journal } from './journal.ts';

export interface JournalUploadParts {
  readonly store: Pick<Store, 'nextBatch' | 'acknowledge'>;
  readonly journal: Pick<Journal, 'onAppend'>;
  readonly clock: Clock;
  readonly epoch: number;
  /** Sends one batch (JSON text) and resolves with what is durable in the cloud; rejects with its refusal. */
  readonly send: (body: string, signal: AbortSignal) => Promise<JournalAck>;
  readonly log: Log;
}

/** What matters most leaves first. */
const order: readonly JournalStream[] = ['door', 'play', 'health'];
/** Rows that follow each other closely share a batch. */
const gatherMs = 100;
/** With nothing new to send, the upload still looks now and then. */
const idleMs = 30_000;
/** Room for the envelope around a batch's rows. */
const envelopeBytes = 1_024;

const gap = z.object({ expected: z.int().positive() });

/** Brings the journal to the cloud, oldest rows first; nothing leaves the disk before its ack. */
export class JournalUpload {
  readonly #parts: JournalUploadParts;
  readonly #newRows = new Wakeable();
  readonly #retry = new Wakeable();
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #stopListening = () => {};

  constructor(parts: JournalUploadParts) {
    this.#parts = parts;
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
    const backOff = new BackOff(this.#parts.clock, { baseMs: 250, capMs: 30_000 });
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
        await this.#retry.wait(backOff.nextMs(), signal);
      }
    }
  }

  /**
   * Sends until every stream is empty; new rows of the door go before old ones of the others.
   * A stream whose rows the cloud refuses (409) waits, the others go on: a `lost` row of `health` may be what explains the refusal.
   */
  async #drain(signal: AbortSignal): Promise<void> {
    const refused = new Map<JournalStream, DomainError>();
    const sendNext = async (): Promise<boolean> => {
      for (const stream of order) {
        if (refused.has(stream)) continue;
        try {
          if (await this.#sendBatch(stream, signal)) return true;
        } catch (error) {
          if (!(error instanceof DomainError) || error.details['status'] !== 409) throw error;
          refused.set(stream, error);
        }
      }
      return false;
    };
    while (!signal.aborted && (await sendNext()));
    for (const error of refused.values()) throw error;
  }

  async #sendBatch(stream: JournalStream, signal: AbortSignal): Promise<boolean> {
    const { store, epoch, send } = this.#parts;
    const bytesMax = batchBytesMax - envelopeBytes;
    const batch = await store.nextBatch({ stream, rowsMax: batchRowsMax, bytesMax });
    if (!batch) return false;
    const body = `{"v":1,"epoch":${epoch},"stream":"${stream}","rows":${batch.rowsJson},"head":"${batch.head}"}`;
    try {
      const ack = await send(body, signal);
      if (ack.stream !== stream) throw new InvariantError('an ack names the stream of its batch');
      await this.#acknowledge(ack, batch.from);
    } catch (error) {
      await this.#resync(stream, batch.from, error);
    }
    return true;
  }

  /** An ack for something else would make the same batch leave again at once, for ever. */
  async #acknowledge(ack: JournalAck, from: number): Promise<void> {
    const isOurs = ack.upTo >= from && (await this.#parts.store.acknowledge(ack));
    if (!isOurs) throw new DomainError('wrong-ack', 'the cloud confirms something else than the batch');
  }

  /** The cloud expects another row: what it has already goes, and the next batch starts where it says. */
  async #resync(stream: JournalStream, from: number, error: unknown): Promise<void> {
    const isGap = error instanceof DomainError && error.code === 'journal-gap';
    const expected = isGap ? gap.safeParse(error.details) : undefined;
    if (!expected?.success || expected.data.expected <= from) throw error;
    const isOurs = await this.#parts.store.acknowledge({ stream, upTo: expected.data.expected - 1 });
    if (!isOurs) throw error;
  }
}
