import { instant } from '@gatecast/firmware-protocol';
import type { JournalRow } from '@gatecast/firmware-protocol/messages';
import { and, eq, inArray } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import type { JournalArrival } from '../platform/journal-streams.ts';
import type { Platform } from '../platform/platform.ts';
import type { Claims } from './claims.ts';
import type { CommissioningItem } from './commissioning-contract.ts';
import { provenAtDoor, provenOnScreen, wiredItems } from './commissioning-rules.ts';
import { itemsOfRun, newestRun } from './commissioning-store.ts';
import type { SettingsDesk } from './settings.ts';

/** What the journal shows of a door since somebody began to prove it, and what makes the proof void. */
export function keepEvidence(platform: Platform, settings: SettingsDesk, claims: Claims): void {
  const { journal, clock } = platform;
  journal.on('door', (q, arrival) => notice(q, platform, arrival, provenAtDoor));
  journal.on('play', (q, arrival) => notice(q, platform, arrival, provenOnScreen));
  settings.onRewired((q, terminalId) => voidProofs(q, terminalId, clock.now(), wiredItems));
  claims.onClaimed((q, { id }) => voidProofs(q, id, clock.now(), undefined));
}

/** A batch costs one query, as long as nobody is at work at the door. */
async function notice(
  q: Tx,
  { events }: Platform,
  { terminalId, companyId, communityId, rows, receivedAt }: JournalArrival,
  provenBy: (row: JournalRow) => readonly CommissioningItem[],
): Promise<void> {
  const run = await newestRun(q, terminalId);
  if (!run || run.signedAt !== null) return;
  const seen = new Set((await itemsOfRun(q, [run.no])).filter(({ seenAt }) => seenAt !== null).map(({ item }) => item));
  for (const row of rows) {
    // What was waiting on the terminal happened before.
    if (row.wallMs < run.startedAt) continue;
    for (const item of provenBy(row)) {
      if (seen.has(item)) continue;
      seen.add(item);
      const seenAt = instant(Math.min(row.wallMs, receivedAt));
      const t = q.t.commissioningItems;
      await q
        .insert(t)
        .values({ run: run.no, item, seenAt })
        .onConflictDoUpdate({ target: [t.run, t.item], set: { seenAt } });
      const facts = { item, state: 'seen' };
      await events.emit(q, { type: 'commissioning', subject: terminalId, companyId, communityId, facts });
    }
  }
}

/** A proof is of the wires and the terminal that were there: a signed one is stale, in a running one those items wait again. */
async function voidProofs(
  q: Tx,
  terminalId: string,
  now: ReturnType<Platform['clock']['now']>,
  items: readonly CommissioningItem[] | undefined,
): Promise<void> {
  const run = await newestRun(q, terminalId);
  if (!run || run.staleSince !== null) return;
  if (run.signedAt !== null) {
    await q.update(q.t.commissioningRuns).set({ staleSince: now }).where(eq(q.t.commissioningRuns.no, run.no));
    return;
  }
  const t = q.t.commissioningItems;
  await q.delete(t).where(and(eq(t.run, run.no), items && inArray(t.item, [...items])));
}
