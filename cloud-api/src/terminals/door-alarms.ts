import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, exists, gt, inArray, ne, notInArray, or, type SQL } from 'drizzle-orm';
import type { Keeper } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { Platform } from '../platform/platform.ts';
import { alarmAfter, alarmWord, isInSight, momentaryShownMs, type AlarmWord } from './alarm-rules.ts';
import type { StandingAlarm } from './contract.ts';
import type { TerminalRow } from './store.ts';

/** The door's journal says what is raised and what is over, in the transaction that stores it. */
export function keepDoorAlarms({ journal }: Platform): void {
  journal.on('door', keep);
}

async function keep(q: Tx, { terminalId, epoch, rows, receivedAt }: JournalArrival): Promise<void> {
  const words = new Map<string, AlarmWord[]>();
  for (const row of rows) {
    const word = alarmWord(row, epoch);
    if (!word) continue;
    // A terminal whose clock runs ahead raises nothing in the future.
    const told = { ...word, at: instant(Math.min(word.at, receivedAt)) };
    const key = `${word.entranceId}|${word.kind}`;
    words.set(key, [...(words.get(key) ?? []), told]);
  }
  for (const ofOne of words.values()) await keepWords(q, terminalId, ofOne);
}

/** `words` are of one kind at one entrance, in the order of the journal. */
async function keepWords(q: Tx, terminalId: string, words: readonly AlarmWord[]): Promise<void> {
  const [first] = words;
  if (!first) return;
  const { entranceId, kind } = first;
  const t = q.t.doorAlarms;
  const [before] = await q
    .select()
    .from(t)
    .where(and(eq(t.terminalId, terminalId), eq(t.entranceId, entranceId), eq(t.kind, kind)));
  let kept: Parameters<typeof alarmAfter>[0] = before;
  for (const word of words) kept = alarmAfter(kept, word) ?? kept;
  if (!kept || kept === before) return;
  const { epoch, seq, active, since } = kept;
  const set = { epoch, seq, active, since };
  await q
    .insert(t)
    .values({ terminalId, entranceId, kind, ...set })
    .onConflictDoUpdate({ target: [t.terminalId, t.entranceId, t.kind], set });
}

/** Ends a call for help; the next one is another. */
export async function answerHelp(q: Tx, terminalId: string, entranceId: string): Promise<void> {
  const t = q.t.doorAlarms;
  await q
    .update(t)
    .set({ active: false })
    .where(and(eq(t.terminalId, terminalId), eq(t.entranceId, entranceId), eq(t.kind, 'help')));
}

/** Kinds that nobody but the property may know of. */
const propertyOnly: readonly StandingAlarm['kind'][] = ['duress'];
const hiddenFrom = (who: Keeper) => (who.role === 'property' ? [] : propertyOnly);

/**
 * What is raised at each terminal, newest first, as far as `who` may know. What hardware before the present one said counts no more, and nobody would
 * ever end what a terminal said that is out of service.
 */
export async function alarmsOf(
  q: Reads,
  who: Keeper,
  terminals: readonly Pick<TerminalRow, 'id' | 'epoch' | 'status'>[],
  now: InstantMs,
): Promise<ReadonlyMap<string, readonly StandingAlarm[]>> {
  const inService = terminals.filter(({ status }) => status !== 'revoked');
  if (inService.length === 0) return new Map();
  const t = q.t.doorAlarms;
  const ids = inService.map(({ id }) => id);
  const raised = await q
    .select()
    .from(t)
    .where(and(inArray(t.terminalId, ids), eq(t.active, true), notInArray(t.kind, [...hiddenFrom(who)])));
  return new Map(
    inService.map(({ id, epoch }) => [
      id,
      raised
        .filter((one) => one.terminalId === id && one.epoch === epoch && isInSight(one, now))
        .toSorted((a, b) => b.since - a.since)
        .map(({ kind, since, entranceId }) => ({ kind, since, entranceId })),
    ]),
  );
}

/** Terminals at which something is raised that `who` may know of. */
export function isAlarmed(q: Reads, who: Keeper, now: InstantMs): SQL | undefined {
  const { doorAlarms: t, terminals } = q.t;
  const momentary = [...momentaryShownMs.keys()];
  const inSight = or(
    notInArray(t.kind, momentary),
    ...[...momentaryShownMs].map(([kind, shownMs]) => and(eq(t.kind, kind), gt(t.since, instant(now - shownMs)))),
  );
  const raised = q
    .select({ id: t.terminalId })
    .from(t)
    .where(
      and(
        eq(t.terminalId, terminals.id),
        eq(t.epoch, terminals.epoch),
        eq(t.active, true),
        notInArray(t.kind, [...hiddenFrom(who)]),
        inSight,
      ),
    );
  return and(ne(terminals.status, 'revoked'), exists(raised));
}
