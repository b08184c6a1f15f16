import { instant } from '@gatecast/firmware-protocol';
import { doorPrivate, type JournalRow } from '@gatecast/firmware-protocol/messages';
import { and, desc, eq, isNull } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { Platform } from '../platform/platform.ts';
import { alarmWord } from '../terminals/alarm-rules.ts';
import type { Terminals } from '../terminals/service.ts';
import { followWords, isMomentary, needsEyes, type NamedWord } from './alarm-rules.ts';

/** Each raising of an alarm becomes a row, in the transaction that stores the journal. A batch without alarms costs no query. */
export function keepAlarms({ journal, clock }: Platform, terminals: Terminals): void {
  journal.on('door', async (q, arrival) => {
    for (const ofOne of grouped(arrival)) await keep(q, arrival, ofOne);
  });
  // What the hardware before the present one said, nobody would ever end.
  terminals.onClaimed(async (q, { id }) => {
    const t = q.t.alarms;
    const standing = await q
      .select({ id: t.id, ackedAt: t.ackedAt })
      .from(t)
      .where(and(eq(t.terminalId, id), eq(t.open, true), isNull(t.endedAt)));
    for (const { id: alarmId, ackedAt } of standing) {
      await q
        .update(t)
        .set({ endedAt: clock.now(), open: ackedAt === null })
        .where(eq(t.id, alarmId));
    }
  });
}

/** The words of a batch, those of one kind at one entrance together. */
function grouped({ rows, epoch, receivedAt }: JournalArrival): Iterable<readonly NamedWord[]> {
  const groups = new Map<string, NamedWord[]>();
  for (const row of rows) {
    const word = alarmWord(row, epoch);
    if (!word) continue;
    // A terminal whose clock runs ahead raises nothing in the future.
    const at = instant(Math.min(word.at, receivedAt));
    const key = `${word.entranceId}|${word.kind}`;
    const named = { ...word, at, credentialId: credentialOf(row) };
    groups.set(key, [...(groups.get(key) ?? []), named]);
  }
  return groups.values();
}

const credentialOf = (row: Pick<JournalRow, 'private'>): string | null =>
  doorPrivate.safeParse(row.private?.data).data?.credential ?? null;

async function keep(q: Tx, arrival: JournalArrival, words: readonly NamedWord[]): Promise<void> {
  const [first] = words;
  if (!first) return;
  const { entranceId, kind } = first;
  const { terminalId, communityId, epoch } = arrival;
  const t = q.t.alarms;
  const standing = isMomentary(kind) ? undefined : await standingAlarm(q, terminalId, first);
  const { endedAt, raised } = followWords(standing !== undefined, words);
  if (standing && endedAt !== undefined) {
    const open = needsEyes({ ...standing, endedAt });
    await q.update(t).set({ endedAt, open }).where(eq(t.id, standing.id));
  }
  const place = { terminalId, epoch, communityId, entranceId, kind };
  await q.insertMany(
    t,
    raised.map((one) => ({ id: `${terminalId}.${epoch}.${one.seq}`, ...place, ...one, open: true })),
    { onConflict: 'nothing' },
  );
}

async function standingAlarm(q: Tx, terminalId: string, { entranceId, kind, epoch }: NamedWord) {
  const t = q.t.alarms;
  const ofKind = and(eq(t.terminalId, terminalId), eq(t.kind, kind), eq(t.epoch, epoch), eq(t.entranceId, entranceId));
  const [newest] = await q.select().from(t).where(ofKind).orderBy(desc(t.seq)).limit(1);
  return newest?.endedAt === null ? newest : undefined;
}
