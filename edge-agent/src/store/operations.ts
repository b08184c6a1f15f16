import { DomainError } from '@gatecast/firmware-protocol';
import {
  journalCheckpoint,
  type ClaimResponse,
  type DocumentKind,
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
import { DocumentTable, type DocumentText } from './document-table.ts';
import { JournalTable, type Acked, type AckOutcome, type BatchLimit } from './journal-table.ts';
import { Trials, type Refusal, type TrialState } from './trials.ts';
import { PhoneCounterTable, type PhoneCounter } from './phone-counter-table.ts';
import { valueKeys, type CommandRecord, type StoredDocument, type StoreSnapshot } from './snapshot.ts';
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
      documents: documents.all(values.isUnclean() ? trials.state().trials : new Map()),
      ...trials.state(),
      uses: uses.all(),
      phoneCounters: phones.all(),
      values: values.all(),
      interrupted: commands.interrupted(),
      unclean: values.isUnclean(),
    }),
    /** What was on trial when the run before was cut off is taken back; resolves with what that leaves, and whom dropped lists lock out. */
    beginRun(): TrialState & { readonly denied: string | undefined } {
      if (values.isUnclean()) {
        for (const [kind, trial] of trials.state().trials) {
          const dropped = documents.drop(kind, trial.version);
          if (!dropped) continue;
          trials.cutOff(kind, trial);
          if (kind === 'access') values.set(valueKeys.denied, JSON.stringify(dropped.denied));
        }
      }
      values.beginRun();
      return { ...trials.state(), denied: values.get(valueKeys.denied) };
    },
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

    /** Returns whose uses need not be remembered any more, with this access list. It says itself whom it locks out. */
    saveDocument(document: DocumentText): TrialState & { readonly forgotten: string[] } {
      documents.save(document, trials.state().trials.get(document.kind)?.version);
      trials.begin(document.kind, document.version);
      if (document.kind !== 'access') return { ...trials.state(), forgotten: [] };
      values.set(valueKeys.denied, '[]');
      phones.keepListed();
      return { ...trials.state(), forgotten: uses.keepListed(values.wallHighMs()) };
    },
    documentText: (kind: DocumentKind) => documents.textOf(kind),
    /** The version has proven itself. */
    endTrial({ kind, version }: { readonly kind: DocumentKind; readonly version: number }): TrialState {
      trials.end(kind, version);
      return trials.state();
    },
    revertDocument({
      kind,
      ...refusal
    }: Refusal & { readonly kind: DocumentKind }): TrialState & { readonly before: StoredDocument | undefined } {
      const before = documents.revert(kind, refusal.version);
      if (before) trials.refuse(kind, refusal);
      return { ...trials.state(), before };
    },
  };
}

export type Operations = ReturnType<typeof operationsOn>;
