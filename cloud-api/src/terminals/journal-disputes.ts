import type { InstantMs } from '@gatecast/firmware-protocol';
import type { HeadProof, JournalBatch, JournalStream, StreamHead } from '@gatecast/firmware-protocol/messages';
import { and, count, eq } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import type { PlacedTerminal } from './store.ts';

/** Where a terminal's journal and what is stored here have parted. */
export interface JournalDispute {
  /** The first row that differs or is missing. */
  readonly seq: number;
  /**
   * `forked`: the terminal shows other rows than it showed before; `forgotten`: it shows our own word for rows that are not here any more;
   * `broken`: what it shows does not hang together by itself.
   */
  readonly fault: 'forked' | 'forgotten' | 'broken';
}

/** Two copies of a terminal would go on for ever; so many of their meetings prove enough. */
const disputesMax = 100;

interface Shown extends StreamHead {
  readonly proof: HeadProof | null;
}

/** Keeps what the terminal has shown; false if this much was known before, or more than enough is. */
export async function noteDispute(
  q: Tx,
  terminalId: string,
  { epoch, stream }: Pick<JournalBatch, 'epoch' | 'stream'>,
  dispute: JournalDispute,
  shown: Shown,
  at: InstantMs,
): Promise<boolean> {
  const t = q.t.journalDisputes;
  const ofStream = and(eq(t.terminalId, terminalId), eq(t.epoch, epoch), eq(t.stream, stream));
  const [known] = await q.select({ n: count() }).from(t).where(ofStream);
  if ((known?.n ?? 0) >= disputesMax) return false;
  const added = await q
    .insert(t)
    .values({
      terminalId,
      epoch,
      stream,
      ...dispute,
      shownSeq: shown.seq,
      shownHash: shown.hash,
      proof: shown.proof,
      at,
    })
    .onConflictDoNothing()
    .returning({ seq: t.seq });
  return added.length > 0;
}

/** What the property, the operator and the log hear. `journal-chain-broken`: rows do not hang together by themselves. */
export interface JournalAlarm {
  readonly alarm: 'journal-chain-broken' | 'journal-forked' | 'journal-forgotten';
  readonly stream: JournalStream;
  readonly seq: number;
  readonly fault: string;
}

export async function raiseJournalAlarm(
  { audit, events }: Pick<Platform, 'audit' | 'events'>,
  q: Tx,
  terminal: PlacedTerminal,
  { alarm, ...facts }: JournalAlarm,
): Promise<void> {
  const action = alarm.replace('journal-', 'journal.');
  await audit(q, { who: 'system', action, subject: terminal.id, facts });
  await events.emit(q, {
    type: 'alarm',
    subject: terminal.id,
    facts: { alarm, ...facts },
    companyId: terminal.companyId,
    communityId: terminal.communityId,
  });
}
