import { DomainError, InvariantError } from '@gatecast/firmware-protocol';
import {
  journalCheckpoint,
  type ClaimResponse,
  type JournalAck,
  type JournalCheckpoint,
  type JournalStream,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { isCheckpoint } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import type { BatchRows } from '../store/journal-table.ts';
import type { TerminalKeys } from '../store/identity.ts';
import type { Store } from '../store/store.ts';
import { batchBody } from './batch-body.ts';
import type { JournalEntry } from './journal-writer.ts';
import type { Journal } from './journal.ts';

export interface DeliveryParts {
  readonly store: Pick<Store, 'acknowledge' | 'checkpoint' | 'rebase'>;
  readonly journal: Pick<Journal, 'append' | 'draft' | 'appended'>;
  readonly claim: Pick<ClaimResponse, 'terminal' | 'epoch' | 'timeKey'>;
  readonly keys: Pick<TerminalKeys, 'identity'>;
  /** Sends one batch and resolves with what is durable in the cloud; rejects with its refusal. */
  readonly send: (body: Uint8Array<ArrayBuffer>, signal: AbortSignal) => Promise<JournalAck>;
}

const gap = z.object({ expected: z.int().positive() });
const parting = z.object({ seq: z.int().positive(), checkpoint: journalCheckpoint });

/**
 * Brings one batch to the cloud and settles what the two of them remember differently. A rejection with status 409 or the code
 * `bad-checkpoint` or `wrong-ack` is about this stream alone: the others can go on.
 */
export class Delivery {
  readonly #parts: DeliveryParts;
  /** The checkpoint of each stream of which was told that it is none, so that a cloud that stays wrong does not fill the journal. */
  readonly #told = new Map<JournalStream, string>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  async deliver(stream: JournalStream, batch: BatchRows, signal: AbortSignal): Promise<void> {
    try {
      await this.#acknowledge(stream, batch, await this.#send(stream, batch, undefined, signal));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === 'journal-gap') await this.#afterGap(stream, batch, error, signal);
      else if (error.code === 'journal-chain-broken') await this.#afterFork(stream, error);
      else throw error;
    }
  }

  #key(stream: JournalStream): StreamKey {
    const { terminal, epoch } = this.#parts.claim;
    return { terminal, epoch, stream };
  }

  async #send(
    stream: JournalStream,
    batch: BatchRows,
    checkpoint: JournalCheckpoint | undefined,
    signal: AbortSignal,
  ): Promise<JournalAck> {
    const { keys, send } = this.#parts;
    const body = await batchBody(this.#key(stream), batch, keys.identity.privateKey, checkpoint);
    const ack = await send(body, signal);
    if (ack.stream !== stream) throw new InvariantError('an ack names the stream of its batch');
    return ack;
  }

  /** An ack for something else would make the same batch leave again at once, for ever. */
  async #acknowledge(stream: JournalStream, batch: BatchRows, { upTo, checkpoint }: JournalAck): Promise<void> {
    const isGenuine = !checkpoint || (checkpoint.seq === upTo && this.#isGenuine(stream, checkpoint));
    const outcome =
      isGenuine && upTo >= batch.from ? await this.#parts.store.acknowledge({ stream, upTo, checkpoint }) : 'refused';
    if (outcome === 'taken') return;
    // The cloud has rows that this disk has forgotten after they were acknowledged.
    if (outcome === 'never-written' && checkpoint) return this.#rebase(stream, batch.to + 1, checkpoint);
    if (checkpoint) await this.#tellBadCheckpoint(stream, batch, checkpoint);
    const code = checkpoint ? 'bad-checkpoint' : 'wrong-ack';
    throw new DomainError(code, 'the cloud confirms something else than the batch');
  }

  #isGenuine(stream: JournalStream, checkpoint: JournalCheckpoint): boolean {
    const { kid, publicKey } = this.#parts.claim.timeKey;
    return checkpoint.signature.kid === kid && isCheckpoint(this.#key(stream), checkpoint, publicKey);
  }

  /** The cloud expects another row: what it has already goes, and the next batch starts where it says. What it has signed for, it must have. */
  async #afterGap(stream: JournalStream, batch: BatchRows, error: DomainError, signal: AbortSignal): Promise<void> {
    const expected = gap.safeParse(error.details).data?.expected;
    if (expected === undefined) throw error;
    if (expected > batch.from) {
      if ((await this.#parts.store.acknowledge({ stream, upTo: expected - 1 })) !== 'taken') throw error;
      return;
    }
    const signed = await this.#parts.store.checkpoint(stream);
    if (!signed || signed.seq < expected) throw error;
    await this.#acknowledge(stream, batch, await this.#send(stream, batch, signed, signal));
    await this.#parts.journal.append(disputed(stream, 'cloud-forgot', expected, signed));
  }

  /** Other rows than ours stand in the cloud, with its signature: ours follow them. Without a signature nothing is moved. */
  async #afterFork(stream: JournalStream, error: DomainError): Promise<void> {
    const { data } = parting.safeParse(error.details);
    if (!data || !this.#isGenuine(stream, data.checkpoint) || data.checkpoint.seq < data.seq) throw error;
    await this.#rebase(stream, data.seq, data.checkpoint);
  }

  async #rebase(stream: JournalStream, from: number, checkpoint: JournalCheckpoint): Promise<void> {
    const { store, journal } = this.#parts;
    const row = journal.draft(disputed(stream, 'forked', from, checkpoint));
    await store.rebase({ stream, from, checkpoint, row });
    journal.appended();
  }

  async #tellBadCheckpoint(stream: JournalStream, { from }: BatchRows, checkpoint: JournalCheckpoint): Promise<void> {
    if (this.#told.get(stream) === checkpoint.signature.value) return;
    this.#told.set(stream, checkpoint.signature.value);
    await this.#parts.journal.append(disputed(stream, 'bad-checkpoint', from, checkpoint));
  }
}

const disputed = (stream: JournalStream, fault: string, seq: number, cloud: JournalCheckpoint): JournalEntry => ({
  stream: 'health',
  kind: 'disputed',
  body: { stream, fault, seq, cloudSeq: cloud.seq, cloudHash: cloud.hash, moved: 0 },
});
