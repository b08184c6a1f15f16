import { DomainError } from '@gatecast/firmware-protocol';
import type { ClaimResponse, DocumentKind, JournalStream } from '@gatecast/firmware-protocol/messages';
import type { Database } from 'better-sqlite3';
import type { JournalCap } from '../journal/retention.ts';
import type { RowDraft } from '../journal/row-chain.ts';
import type { UseRecord } from '../door/right.ts';
import { CommandTable } from './command-table.ts';
import { CredentialUsesTable, type Use } from './credential-uses-table.ts';
import { DocumentTable, type DocumentText } from './document-table.ts';
import { JournalTable, type BatchLimit } from './journal-table.ts';
import { PhoneCounterTable, type PhoneCounter } from './phone-counter-table.ts';
import { valueKeys, type CommandRecord, type StoreSnapshot } from './snapshot.ts';
import { ValueTable } from './value-table.ts';

/**
 * Everything that the main thread may ask of the database. Each operation runs inside a transaction that it may share with others;
 * one that throws a DomainError leaves no trace.
 */
export function operationsOn(db: Database, cap: JournalCap) {
  const values = new ValueTable(db);
  const journal = new JournalTable(db, cap);
  const documents = new DocumentTable(db);
  const uses = new CredentialUsesTable(db);
  const phones = new PhoneCounterTable(db);
  const commands = new CommandTable(db);

  const append = (row: RowDraft): number => {
    const claim = values.claim();
    if (!claim) throw new DomainError('cannot-commit', 'a terminal that was never claimed keeps no journal');
    return journal.append({ terminal: claim.terminal, epoch: claim.epoch, stream: row.stream }, row);
  };

  return {
    /** Writes nothing: a disk that is full still tells whom to let in. */
    load: (): StoreSnapshot => ({
      claim: values.claim(),
      documents: documents.all(),
      uses: uses.all(),
      phoneCounters: phones.all(),
      values: values.all(),
      interrupted: commands.interrupted(),
      unclean: values.isUnclean(),
    }),
    beginRun: (): void => values.beginRun(),
    /** The last write of a run: without it the next start knows that this one was cut off. */
    close: (): void => values.endRun(),
    saveClaim: (claim: ClaimResponse): void => values.saveClaim(claim),
    setValue: (entry: { readonly key: string; readonly value: string }): void => values.set(entry.key, entry.value),

    append: (row: RowDraft) => ({ seq: append(row) }),
    nextBatch: (limit: BatchLimit) => journal.nextBatch(limit),
    acknowledge: (ack: { readonly stream: JournalStream; readonly upTo: number }): boolean =>
      journal.acknowledge(ack.stream, ack.upTo),
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
    saveDocument(document: DocumentText): string[] {
      documents.save(document);
      if (document.kind !== 'access') return [];
      values.set(valueKeys.denied, '[]');
      phones.keepListed();
      return uses.keepListed(values.wallHighMs());
    },
    documentText: (kind: DocumentKind) => documents.textOf(kind),
    revertDocument: (taken: { readonly kind: DocumentKind; readonly version: number }) =>
      documents.revert(taken.kind, taken.version),
  };
}

export type Operations = ReturnType<typeof operationsOn>;
