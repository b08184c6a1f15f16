import type { Clock } from '@gatecast/firmware-protocol';
import type { ClockQuality } from '@gatecast/firmware-protocol/messages';
import type { JournalEntry, JournalWriter } from './journal-writer.ts';
import type { RowDraft } from './row-chain.ts';
import type { Store } from '../store/store.ts';

export interface JournalParts {
  readonly store: Pick<Store, 'append'>;
  readonly clock: Clock;
  /** How far the clock can be trusted at this moment. */
  clockQuality(): ClockQuality;
  /** Random per start of the agent. */
  readonly boot: string;
}

export interface Journal extends JournalWriter {
  /** The entry as it is now, for a row that shares its transaction with something else. */
  draft(entry: JournalEntry): RowDraft;
  /** Called after each row that is on the disk; returns the way to stop listening. */
  onAppend(listener: () => void): () => void;
  /** To be called after a draft was written. */
  appended(): void;
}

/** The journal's way in: adds the readings of the moment and hands the row to the store. */
export function createJournal(parts: JournalParts): Journal {
  const listeners = new Set<() => void>();
  const appended = () => {
    for (const listener of listeners) listener();
  };
  const draft = (entry: JournalEntry): RowDraft => ({
    ...entry,
    wallMs: Math.round(parts.clock.now()),
    monoMs: Math.floor(parts.clock.mono()),
    boot: parts.boot,
    clock: parts.clockQuality(),
  });
  return {
    draft,
    appended,
    async append(entry) {
      const result = await parts.store.append(draft(entry));
      appended();
      return result;
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
