import { hours, type InstantMs } from '@gatecast/firmware-protocol';
import {
  healthRows,
  type HeadProof,
  type JournalBatch,
  type JournalRow,
  type JournalStream,
  type StreamHead,
} from '@gatecast/firmware-protocol/messages';
import { and, count, eq, max } from 'drizzle-orm';
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
export const disputesMax = 100;

interface Shown extends StreamHead {
  readonly proof: HeadProof | null;
}

/** Two copies that take turns are one alarm, not one for each turn. */
const toldEveryMs = hours(1);

/**
 * Keeps what the terminal has shown; true if that is to be told: it is new, and nothing of its kind was told lately. What is shown again, or is more
 * than is kept, moves the time of the newest on: the alarm stands for as long as the two go on to differ.
 */
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
  const [known] = await q
    .select({ n: count(), at: max(t.at) })
    .from(t)
    .where(ofStream);
  const [last] = await q
    .select({ at: max(t.at) })
    .from(t)
    .where(and(ofStream, eq(t.fault, dispute.fault)));
  const row = {
    terminalId,
    epoch,
    stream,
    ...dispute,
    shownSeq: shown.seq,
    shownHash: shown.hash,
    proof: shown.proof,
    at,
  };
  const added =
    (known?.n ?? 0) < disputesMax ? await q.insert(t).values(row).onConflictDoNothing().returning({ seq: t.seq }) : [];
  if (added.length > 0) return at - (last?.at ?? 0) >= toldEveryMs;
  const newest = known?.at ?? null;
  if (newest !== null && at - newest >= toldEveryMs) {
    await q
      .update(t)
      .set({ at })
      .where(and(ofStream, eq(t.at, newest)));
  }
  return false;
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

/**
 * What terminals say themselves about our word. `forked` and `cloud-forgot` were seen here when they happened; that somebody else has answered in our
 * place is heard of only now.
 */
export function badCheckpointsIn(journal: readonly JournalRow[]): readonly { stream: JournalStream; seq: number }[] {
  return journal.flatMap(({ kind, body }) => {
    const said = kind === 'disputed' ? healthRows.disputed.safeParse(body).data : undefined;
    return said?.fault === 'bad-checkpoint' ? [{ stream: said.stream, seq: said.seq }] : [];
  });
}
