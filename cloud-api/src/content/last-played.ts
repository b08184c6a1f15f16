import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, inArray, isNull, lt, or } from 'drizzle-orm';
import { z } from 'zod';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';

/** As much of a play as tells which clip ran when. */
const played = z.object({ clip: z.string(), halfHour: z.number() });
/** Files whose last half-hour this process remembers having written, to leave out what would change nothing. */
const rememberedMax = 20_000;

/**
 * Keeps on every clip when it was last played: what was played is kept for three years from then. Late rows move nothing back. Of a clip, the first play in a
 * half-hour costs an update, the others a look into memory.
 */
export function followLastPlays({ journal }: Platform): void {
  const written = new Map<string, InstantMs>();
  journal.on('play', async (q, { rows }) => {
    const latest = new Map<string, InstantMs>();
    for (const { kind, body } of rows) {
      if (kind !== 'play') continue;
      const play = played.safeParse(body);
      if (!play.success) continue;
      const { clip, halfHour } = play.data;
      const known = Math.max(written.get(clip) ?? -1, latest.get(clip) ?? -1);
      if (halfHour > known) latest.set(clip, instant(halfHour));
    }
    for (const [sha256, at] of latest) await notePlayed(q, sha256, at);
    q.afterCommit(() => {
      if (written.size + latest.size > rememberedMax) written.clear();
      for (const [sha256, at] of latest) written.set(sha256, at);
    });
  });
}

/** A clip that has this file was played in that half-hour; an earlier one changes nothing. */
export async function notePlayed(q: Tx, sha256: string, at: InstantMs): Promise<void> {
  const { clips: t, clipFiles } = q.t;
  const having = q
    .select({ id: clipFiles.clipId })
    .from(clipFiles)
    .where(inArray(clipFiles.sha256, [sha256]));
  await q
    .update(t)
    .set({ lastPlayedAt: at })
    .where(and(inArray(t.id, having), or(isNull(t.lastPlayedAt), lt(t.lastPlayedAt, at))));
}
