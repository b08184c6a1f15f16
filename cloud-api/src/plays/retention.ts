import { days, instant, minutes, type InstantMs } from '@gatecast/firmware-protocol';
import { asc, inArray, lt } from 'drizzle-orm';
import type { Content } from '../content/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { keptWholeSince } from '../platform/whole-months.ts';
import type { ClipNames } from './clip-names.ts';

const sweepEveryMs = minutes(10);
/** In one transaction: others who write wait some tens of milliseconds. */
const rowsPerBatch = 1_000;
/** A run; the rest follows in the next. Faster than ten thousand screens make them. */
const batchesPerRun = 200;
/** A play counts for the half-hour of its touch and may begin after it; all rows of one go together. */
const slackMs = days(1);

interface RetentionParts {
  readonly content: Pick<Content, 'notePlayed'>;
  readonly names: ClipNames;
}

/**
 * Deletes plays and touches that are older than the operator keeps them. What was told of them stays: the reports, the names of clips and when each last played,
 * from which its files are kept three years.
 */
export function retainPlays(platform: Platform, parts: RetentionParts): void {
  platform.jobs.handle('plays.retention', {
    everyMs: sweepEveryMs,
    renewsLease: true,
    run: (_payload, { signal }) => deleteOldPlays(platform, parts, signal),
  });
}

/** Ends early when `signal` aborts; what is left is left for the next run. */
export async function deleteOldPlays(
  { store, clock, config }: Pick<Platform, 'store' | 'clock' | 'config'>,
  parts: RetentionParts,
  signal: AbortSignal,
): Promise<void> {
  const before = instant(keptWholeSince(clock.now(), config.playMonths) - slackMs);
  for (let batch = 0; batch < batchesPerRun && !signal.aborted; batch += 1) {
    const deleted = await store.tx(
      async (q) => (await deletePlays(q, parts, before, clock.now())) + (await deleteTouches(q, before)),
    );
    if (deleted === 0) return;
  }
}

async function deletePlays(
  q: Tx,
  { content, names }: RetentionParts,
  before: InstantMs,
  now: InstantMs,
): Promise<number> {
  const t = q.t.plays;
  const old = await q
    .select({ id: t.id, clip: t.clip, halfHour: t.halfHour })
    .from(t)
    .where(lt(t.startedAt, before))
    .orderBy(asc(t.startedAt))
    .limit(rowsPerBatch);
  if (old.length === 0) return 0;
  const last = new Map<string, InstantMs>();
  for (const { clip, halfHour } of old) if (halfHour > (last.get(clip) ?? -1)) last.set(clip, halfHour);
  // Plays from before these were kept may be all that knows them.
  await names.freeze(q, [...last.keys()], now);
  for (const [clip, at] of last) await content.notePlayed(q, clip, at);
  await q.delete(t).where(
    inArray(
      t.id,
      old.map(({ id }) => id),
    ),
  );
  return old.length;
}

async function deleteTouches(q: Tx, before: InstantMs): Promise<number> {
  const t = q.t.touches;
  const old = await q
    .select({ id: t.id })
    .from(t)
    .where(lt(t.startedAt, before))
    .orderBy(asc(t.startedAt))
    .limit(rowsPerBatch);
  if (old.length === 0) return 0;
  await q.delete(t).where(
    inArray(
      t.id,
      old.map(({ id }) => id),
    ),
  );
  return old.length;
}
