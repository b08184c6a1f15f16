import { DomainError } from '@gatecast/firmware-protocol';
import {
  journalCheckpoint,
  type ClaimResponse,
  type JournalCheckpoint,
  type JournalStream,
  type StreamKey,
} from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import type { JournalCap } from '../journal/retention.ts';
import type { RowDraft } from '../journal/row-chain.ts';
import type { UseRecord } from '../door/right.ts';
import { CommandTable } from './command-table.ts';
import { CredentialUsesTable, type Use } from './credential-uses-table.ts';
import { documentOperations, suspects } from './document-operations.ts';
import { DocumentTable } from './document-table.ts';
import { JournalTable, type Acked, type AckOutcome, type BatchLimit } from './journal-table.ts';
import { machineBoot } from './machine-boot.ts';
import { Trials } from './trials.ts';
import { PhoneCounterTable, type PhoneCounter } from './phone-counter-table.ts';
import type { CommandRecord, StoreSnapshot } from './snapshot.ts';
import { ValueTable } from './value-table.ts';

interface Rebase {
  readonly stream: JournalStream;
  /** The first row that the cloud holds otherwise. */
  readonly from: number;
  readonly checkpoint: JournalCheckpoint;
  readonly row: RowDraft;
}

const checkpointKey = (stream: JournalStream) => `checkpoint/${stream}`;

/**
 * Everything that the main thread may ask of the database. Each operation runs inside a transaction that it may share with others;
 * one that throws a DomainError leaves no trace.
 */
export function operationsOn(db: Database, cap: JournalCap) {
  const values = new ValueTable(db);
  const journal = new JournalTable(db, cap);
  const documents = new DocumentTable(db);
  const trials = new Trials(values);
  const uses = new CredentialUsesTable(db);
  const phones = new PhoneCounterTable(db);
  const commands = new CommandTable(db);
  const tables = { values, documents, trials, uses, phones, machineBoot: machineBoot() };

  const keyOf = (stream: JournalStream): StreamKey => {
    const claim = values.claim();
    if (!claim) throw new DomainError('cannot-commit', 'a terminal that was never claimed keeps no journal');
    return { terminal: claim.terminal, epoch: claim.epoch, stream };
  };
  const append = (row: RowDraft): number => journal.append(keyOf(row.stream), row);

  return {
    /** Writes nothing: a disk that is full still tells whom to let in. */
    load: (): StoreSnapshot => ({
      claim: values.claim(),
      documents: documents.all(suspects(tables)),
      ...trials.state(),
      uses: uses.all(),
      phoneCounters: phones.all(),
      values: values.all(),
      interrupted: commands.interrupted(),
      unclean: values.isUnclean(),
    }),
    /** The last write of a run: without it the next start knows that this one was cut off. */
    close: (): void => values.endRun(),
    saveClaim: (claim: ClaimResponse): void => values.saveClaim(claim),
    setValue: (entry: { readonly key: string; readonly value: string }): void => values.set(entry.key, entry.value),

    append: (row: RowDraft) => ({ seq: append(row) }),
    nextBatch: (limit: BatchLimit) => journal.nextBatch(limit),
    /** With the cloud's word for it, if it gave one; the newest is kept for the day on which the cloud may have forgotten. */
    acknowledge({ checkpoint, ...ack }: Acked & { readonly checkpoint?: JournalCheckpoint | undefined }): AckOutcome {
      const outcome = journal.acknowledge({ ...ack, hash: checkpoint?.hash });
      if (outcome === 'taken' && checkpoint) values.set(checkpointKey(ack.stream), JSON.stringify(checkpoint));
      return outcome;
    },
    checkpoint(stream: JournalStream): JournalCheckpoint | undefined {
      const text = values.get(checkpointKey(stream));
      return text === undefined ? undefined : journalCheckpoint.parse(JSON.parse(text));
    },
    /** The rows that only this terminal has go on behind what the cloud has signed; `row` says so, once it is known how many they are. */
    rebase({ stream, from, checkpoint, row }: Rebase): number {
      const moved = journal.rebase(keyOf(stream), from, checkpoint);
      values.set(checkpointKey(stream), JSON.stringify(checkpoint));
      append({ ...row, body: { ...row.body, moved } });
      return moved;
    },
    reached: () => journal.reached(),
    backlog: () => journal.backlog(),

    /** One more use, with the row that says so: both or neither. */
    useCredential(use: Use & { readonly row: RowDraft }): UseRecord {
      const used = uses.useOnce(use);
      append(use.row);
      return used;
    },
    returnUse: (credential: string): UseRecord => uses.returnOne(credential),
    savePhoneCounter: (taken: PhoneCounter): void => phones.save(taken),
    receiveCommand(received: { readonly id: string; readonly row: RowDraft }): CommandRecord | 'new' {
      const known = commands.receive(received.id);
      if (known === 'new') append(received.row);
      return known;
    },
    endCommand(end: CommandRecord & { readonly id: string; readonly rows: readonly RowDraft[] }): void {
      commands.end(end.id, end);
      for (const row of end.rows) append(row);
    },

    ...documentOperations(tables),
  };
}

export type Operations = ReturnType<typeof operationsOn>;
