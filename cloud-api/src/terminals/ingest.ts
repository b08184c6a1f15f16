import type { InstantMs } from '@gatecast/firmware-protocol';
import {
  genesisHash,
  type HeadProof,
  type JournalAck,
  type JournalBatch,
  type JournalCheckpoint,
  type JournalRow,
  type StreamHead,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import { isHeadProof } from '@gatecast/firmware-protocol/node';
import { z } from 'zod';
import type { SignedInTerminal } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { inTurn } from '../platform/in-turn.ts';
import type { Platform } from '../platform/platform.ts';
import type { BatchEncoding, CheckedBatch, Misfit } from './journal-check.ts';
import { JournalChecker, tooManyJournals } from './journal-checker.ts';
import { countersign, isOurs, keepCheckpoint, moveHead } from './journal-checkpoints.ts';
import { badCheckpointsIn, noteDispute, raiseJournalAlarm, type JournalAlarm } from './journal-disputes.ts';
import { noteLosses, overLosses } from './journal-losses.ts';
import { keysOfEpoch } from './machine-keys.ts';
import * as rows from './store.ts';

const racesMax = 5;
/** Batches that are being stored or wait for it; each holds up to a megabyte in memory. */
export const batchesUnderWayMax = 128;
/**
 * Batches that write at once. SQLite has one writer; of a pool's ten connections most stay for those who wait at a door. So a fleet's backlogs
 * stand before the database one by one, and a command's few writes never behind more than these.
 */
const writingAtOnce = { sqlite: 1, postgres: 4 } as const;
const genesis: StreamHead = { seq: 0, hash: genesisHash };

/** The new rows of a batch with their hashes, and the head that they follow. */
interface Fresh {
  readonly head: StreamHead;
  readonly rows: readonly JournalRow[];
  readonly hashes: readonly string[];
  /** Our own word for rows that are not here any more, when the new rows follow those. */
  readonly forgotten: JournalCheckpoint | null;
}

/** The terminal shows other rows than it showed before; `chain`: its rows do not even follow from each other. */
interface Parted {
  readonly seq: number;
  readonly fault: string;
  readonly isChain: boolean;
}

/** One batch on its way into the store. */
interface Delivery {
  readonly terminal: rows.PlacedTerminal;
  readonly key: StreamKey;
  readonly batch: JournalBatch;
  readonly proof: HeadProof | null;
  readonly receivedAt: InstantMs;
}

/** Whose rows they are: of the epoch that its token is good for, which may be over. */
type Sender = Pick<SignedInTerminal, 'terminalId' | 'epoch'>;

export interface JournalIngest {
  /**
   * Stores a batch, given as it travelled, once, and answers with the signed checkpoint of what is stored. Rejects with a ZodError if it is
   * none, `too-many-requests` when too many come in at once, `wrong-epoch` if the terminal was claimed again, `journal-signature-wrong` if another
   * key signed it, `journal-gap` {expected} if rows are missing before it, `journal-chain-broken` {seq, fault, checkpoint} if it does not follow from what is stored.
   */
  take(from: Sender, body: ArrayBuffer, encoding: BatchEncoding): Promise<JournalAck>;
  stop(): Promise<void>;
}

export function createJournalIngest(platform: Platform): JournalIngest {
  const { store, clock, metrics } = platform;
  const checker = new JournalChecker();
  const write = inTurn(writingAtOnce[store.dialect]);
  let underWay = 0;

  const deliveryOf = async ({ terminalId, epoch }: Sender, batch: JournalBatch): Promise<Delivery> => {
    const terminal = await rows.findTerminal(store.read, { id: terminalId });
    if (!terminal) throw notFound('terminal');
    if (batch.epoch !== epoch) {
      throw refusal('wrong-epoch', 'this terminal was claimed again', { expected: terminal.epoch });
    }
    const key = { terminal: terminalId, epoch, stream: batch.stream };
    const receivedAt = clock.now();
    const keys = await keysOfEpoch(store.read, terminal, epoch, receivedAt);
    const proof = proofOf(key, batch, keys);
    if (proof !== 'wrong') return { terminal, key, batch, proof, receivedAt };
    const shown = { seq: batch.rows[0]?.seq ?? 1, fault: 'signature', isChain: true };
    await refuseParted(platform, { terminal, key, batch, proof: null, receivedAt }, shown);
    throw refusal('journal-signature-wrong', 'another key than this terminal’s has signed these rows');
  };

  const take = async (from: Sender, checked: GoodBatch): Promise<JournalAck> => {
    const delivery = await deliveryOf(from, checked.batch);
    const { stream } = checked.batch;
    // The batch hangs together by itself; whether it hangs on the head that was read is seen again in the transaction.
    for (let race = 0; race < racesMax; race += 1) {
      const known = await rows.journalHead(store.read, from.terminalId, from.epoch, stream);
      const fresh = await freshRows(store.read, delivery, checked, known ?? genesis);
      if ('fault' in fresh) {
        await refuseParted(platform, delivery, fresh);
        const checkpoint = currentCheckpoint(known);
        throw refusal('journal-chain-broken', 'the rows do not follow from what is stored', {
          seq: fresh.seq,
          fault: fresh.fault,
          checkpoint,
        });
      }
      const checkpoint =
        fresh.rows.length === 0
          ? (currentCheckpoint(known) ?? (await signStored(platform, delivery)))
          : await write(() => storeFresh(platform, delivery, fresh));
      if (!checkpoint) continue;
      metrics.journalRows.inc({ stream }, fresh.rows.length);
      return { stream, upTo: checkpoint.seq, checkpoint };
    }
    throw refusal('conflict', 'another upload of the same stream is under way');
  };

  return {
    stop: () => checker.stop(),
    async take(from, body, encoding) {
      if (underWay >= batchesUnderWayMax) throw tooManyJournals();
      underWay += 1;
      try {
        const checked = await checker.check(from.terminalId, body, encoding);
        if ('misfits' in checked) throw notABatch(checked.misfits);
        return await take(from, checked);
      } finally {
        underWay -= 1;
      }
    },
  };
}

type GoodBatch = Exclude<CheckedBatch, { misfits: unknown }>;

const notABatch = (misfits: readonly Misfit[]): Error =>
  new z.ZodRealError(
    misfits.map(({ path, message }) => ({ code: 'custom', path: [...path], message, input: undefined })),
  );

/** What the identity key says about the last row; null for terminals that are too old to sign. */
function proofOf(key: StreamKey, batch: JournalBatch, publicKeys: readonly string[]): HeadProof | 'wrong' | null {
  const { signature } = batch;
  if (signature === undefined || publicKeys.length === 0) return null;
  const head = { seq: batch.rows.at(-1)?.seq ?? 0, hash: batch.head };
  const proofs = publicKeys.map((publicKey) => ({ publicKey, signature }));
  return proofs.find((one) => isHeadProof(key, head, one)) ?? 'wrong';
}

/** What of a batch is new. Rows that are stored already are passed over, unless they differ from what is stored. */
async function freshRows(
  q: Reads,
  delivery: Delivery,
  checked: GoodBatch,
  stored: StreamHead,
): Promise<Fresh | Parted> {
  const { batch, key } = delivery;
  if ('chainFault' in checked) return { ...checked.chainFault, isChain: true };
  const differing = await firstDifference(q, delivery, checked.hashes, stored);
  if (differing) return differing;
  const last = batch.rows.at(-1)?.seq ?? 0;
  const first = batch.rows[0]?.seq ?? 0;
  if (last <= stored.seq) return { head: stored, rows: [], hashes: [], forgotten: null };
  let head = await overLosses(q, key.terminal, batch, stored);
  const forgotten = first > head.seq + 1 ? await ownWord(q, delivery, head) : null;
  if (forgotten) head = forgotten;
  if (first > head.seq + 1) throw refusal('journal-gap', 'rows before these are missing', { expected: head.seq + 1 });
  const from = batch.rows.findIndex(({ seq }) => seq > head.seq);
  const fresh = batch.rows.slice(from);
  if (fresh[0]?.prev !== head.hash) return { seq: head.seq + 1, fault: 'previous-hash', isChain: false };
  return { head, rows: fresh, hashes: checked.hashes.slice(from), forgotten };
}

/** The first of the rows that were stored before and differ from what is stored. */
async function firstDifference(
  q: Reads,
  { batch, key }: Delivery,
  hashes: readonly string[],
  stored: StreamHead,
): Promise<Parted | undefined> {
  const first = batch.rows[0]?.seq ?? 0;
  if (first > stored.seq) return undefined;
  const last = Math.min(stored.seq, first + batch.rows.length - 1);
  const known = await rows.storedHashes(q, key.terminal, key.epoch, key.stream, first, last);
  const at = batch.rows.findIndex(({ seq }, index) => known.has(seq) && known.get(seq) !== hashes[index]);
  return at < 0 ? undefined : { seq: first + at, fault: 'differs-from-stored', isChain: false };
}

/** The checkpoint that the terminal shows, if we have signed it and it reaches further than what is stored. */
async function ownWord(q: Reads, { batch, key }: Delivery, head: StreamHead): Promise<JournalCheckpoint | null> {
  const { checkpoint } = batch;
  if (!checkpoint || checkpoint.seq <= head.seq) return null;
  return (await isOurs(q, key, checkpoint)) ? checkpoint : null;
}

/** The checkpoint of what is stored now; undefined if somebody else has moved the head meanwhile. */
function storeFresh(platform: Platform, delivery: Delivery, fresh: Fresh): Promise<JournalCheckpoint | undefined> {
  const { journal, signer, store } = platform;
  const { batch, key, proof, receivedAt, terminal } = delivery;
  return store.tx(async (q) => {
    const before = await rows.journalHead(q, key.terminal, key.epoch, key.stream);
    const now = fresh.forgotten ? fresh.head : await overLosses(q, key.terminal, batch, before ?? genesis);
    if (now.seq !== fresh.head.seq || now.hash !== fresh.head.hash || now.seq < (before?.seq ?? 0)) return undefined;
    if (fresh.forgotten) await noteForgotten(platform, q, delivery, (before?.seq ?? 0) + 1, fresh.forgotten);
    await append(q, delivery, fresh);
    if (batch.stream === 'health') await noteLosses(q, key.terminal, key.epoch, fresh.rows);
    if (batch.stream === 'health') await noteBadCheckpoints(platform, q, delivery, fresh);
    const { communityId, companyId } = terminal;
    const { terminal: terminalId, epoch } = key;
    await journal.ingest(q, batch.stream, { terminalId, communityId, companyId, epoch, rows: fresh.rows, receivedAt });
    const head = { seq: fresh.head.seq + fresh.rows.length, hash: batch.head };
    const checkpoint = await countersign(signer, q, key, { ...head, at: receivedAt, proof });
    await moveHead(q, key, before, checkpoint);
    return checkpoint;
  });
}

/** A version that signs nothing may have moved the head since. */
const currentCheckpoint = (head: rows.JournalHeadRow | undefined): JournalCheckpoint | undefined =>
  head?.checkpoint?.seq === head?.seq ? (head?.checkpoint ?? undefined) : undefined;

/** The word for rows that came to a version of this program that signed nothing. Undefined if there are none after all. */
function signStored({ clock, signer, store }: Platform, { key }: Delivery): Promise<JournalCheckpoint | undefined> {
  return store.tx(async (q) => {
    const stored = await rows.journalHead(q, key.terminal, key.epoch, key.stream);
    if (!stored) return undefined;
    const { seq, hash } = stored;
    const checkpoint = await countersign(signer, q, key, { seq, hash, at: clock.now(), proof: null });
    await moveHead(q, key, stored, checkpoint);
    return checkpoint;
  });
}

async function append(q: Tx, { key, receivedAt }: Delivery, fresh: Fresh): Promise<void> {
  const { terminal: terminalId, epoch, stream } = key;
  await q.insertMany(
    q.t.journalRows,
    fresh.rows.map((row, index) => ({
      terminalId,
      epoch,
      stream,
      seq: row.seq,
      hash: fresh.hashes[index] ?? '',
      kind: row.kind,
      wallMs: row.wallMs,
      monoMs: row.monoMs,
      boot: row.boot,
      clock: row.clock,
      body: row.body,
      privateHash: row.privateHash,
      receivedAt,
    })),
  );
}

/** Rows were lost here, after a restore from an older copy for example: our signature says which, and the chain goes on after them. */
async function noteForgotten(
  platform: Platform,
  q: Tx,
  { batch, key, receivedAt, terminal }: Delivery,
  seq: number,
  checkpoint: JournalCheckpoint,
): Promise<void> {
  await keepCheckpoint(q, key, checkpoint);
  const { hash, proof } = checkpoint;
  await noteDispute(
    q,
    key.terminal,
    batch,
    { seq, fault: 'forgotten' },
    { seq: checkpoint.seq, hash, proof },
    receivedAt,
  );
  const fault = `rows up to ${checkpoint.seq} were acknowledged and are not here any more`;
  await tell(platform, q, terminal, { alarm: 'journal-forgotten', stream: key.stream, seq, fault });
}

/** Somebody who has not our key has answered the terminal in our place. */
async function noteBadCheckpoints(
  platform: Platform,
  q: Tx,
  { batch, proof, receivedAt, terminal }: Delivery,
  fresh: Fresh,
): Promise<void> {
  const shown = { seq: fresh.head.seq + fresh.rows.length, hash: batch.head, proof };
  for (const { stream, seq } of badCheckpointsIn(fresh.rows)) {
    const dispute = { seq, fault: 'broken' } as const;
    const isNew = await noteDispute(q, terminal.id, { epoch: batch.epoch, stream }, dispute, shown, receivedAt);
    const fault = 'the terminal was shown a checkpoint that is not ours';
    if (isNew) await tell(platform, q, terminal, { alarm: 'journal-chain-broken', stream, seq, fault });
  }
}

/** Says once, not at each retry of the terminal, that its journal and ours have parted. */
async function refuseParted(
  platform: Platform,
  { batch, key, proof, receivedAt, terminal }: Delivery,
  { seq, fault, isChain }: Parted,
): Promise<void> {
  const shown = { seq: batch.rows.at(-1)?.seq ?? seq, hash: batch.head, proof };
  await platform.store.tx(async (q) => {
    const isNew = await noteDispute(
      q,
      key.terminal,
      batch,
      { seq, fault: isChain ? 'broken' : 'forked' },
      shown,
      receivedAt,
    );
    if (!isNew) return;
    const alarm = isChain ? 'journal-chain-broken' : 'journal-forked';
    await tell(platform, q, terminal, { alarm, stream: key.stream, seq, fault });
  });
}

async function tell(platform: Platform, q: Tx, terminal: rows.PlacedTerminal, alarm: JournalAlarm): Promise<void> {
  const { alarm: code, ...facts } = alarm;
  platform.log.warn({ terminal: terminal.id, code, ...facts }, 'a terminal’s journal and ours have parted');
  await raiseJournalAlarm(platform, q, terminal, alarm);
}
