import type { InstantMs } from '@gatecast/firmware-protocol';
import type { JournalRow, JournalStream } from '@gatecast/firmware-protocol/messages';
import type { Tx } from './db/store.ts';

/** Consecutive rows of one stream, new, checked against the chain, and about to be stored in the same transaction. */
export interface JournalArrival {
  readonly terminalId: string;
  readonly communityId: string;
  /** Of the property company. */
  readonly companyId: string;
  readonly epoch: number;
  readonly rows: readonly JournalRow[];
  readonly receivedAt: InstantMs;
}

/**
 * Makes a slice's own rows of the journal's. A row is seen once. What cannot be read (an unknown kind, a body of another version)
 * is skipped, never refused: the raw row is stored in any case and the terminal must get its acknowledgement.
 */
type StreamIngester = (q: Tx, arrival: JournalArrival) => Promise<void>;

export interface JournalStreams {
  on(stream: JournalStream, ingester: StreamIngester): void;
  ingest(q: Tx, stream: JournalStream, arrival: JournalArrival): Promise<void>;
}

export function createJournalStreams(): JournalStreams {
  const ingesters = new Map<JournalStream, StreamIngester[]>();
  return {
    on: (stream, ingester) => void ingesters.set(stream, [...(ingesters.get(stream) ?? []), ingester]),
    async ingest(q, stream, arrival) {
      for (const ingester of ingesters.get(stream) ?? []) await ingester(q, arrival);
    },
  };
}
