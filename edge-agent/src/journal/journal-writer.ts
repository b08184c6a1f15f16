import type { JournalStream } from '@gatecast/firmware-protocol/messages';

export interface JournalEntry {
  readonly stream: JournalStream;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Names a person; hashed with a salt of its own so that it can be erased. */
  readonly privateData?: Readonly<Record<string, unknown>>;
}

/** The way into the journal. */
export interface JournalWriter {
  /** Resolves once the row is on the disk. Rejects with DomainError `cannot-commit` when nothing can be written. */
  append(entry: JournalEntry): Promise<{ readonly seq: number }>;
}
