import type { InstantMs } from '@gatecast/firmware-protocol';
import { inArray } from 'drizzle-orm';
import type { Content } from '../content/service.ts';
import type { Reads, Tx } from '../platform/db/store.ts';

/** What a clip was called, and who paid for it (null: the house). */
export interface ClipName {
  readonly title: string;
  readonly merchantId: string | null;
}

/** The names of clips in the records of plays: fixed when a clip is first approved or first played, whatever becomes of it or its name later. */
export interface ClipNames {
  /** Fixes the names of those that have none yet and that somebody still knows. */
  freeze(q: Tx, clips: readonly string[], at: InstantMs): Promise<void>;
  /** By SHA-256; what nobody ever knew is not in it. */
  of(q: Reads, clips: readonly string[]): Promise<ReadonlyMap<string, ClipName>>;
}

/** Clips that this process knows to be fixed, to ask for none of them again. */
const rememberedMax = 20_000;

export function createClipNames(content: Content): ClipNames {
  const fixed = new Set<string>();

  async function freeze(q: Tx, clips: readonly string[], at: InstantMs): Promise<void> {
    const asked = [...new Set(clips)].filter((clip) => !fixed.has(clip));
    if (asked.length === 0) return;
    const known = await fixedOf(q, asked);
    const names = await content.names(
      q,
      asked.filter((clip) => !known.has(clip)),
    );
    const rows = [...names].map(([clip, { title, merchantId }]) => ({ clip, title, merchantId, at }));
    await q.insertMany(q.t.clipNames, rows, { onConflict: 'nothing' });
    q.afterCommit(() => {
      if (fixed.size + asked.length > rememberedMax) fixed.clear();
      for (const clip of [...known.keys(), ...names.keys()]) fixed.add(clip);
    });
  }

  content.onPlayableChange(async (q, clip) => {
    const [playable] = (await content.playable(q, [clip.id])).values();
    const files = playable?.files.map(({ sha256 }) => sha256) ?? [];
    await freeze(q, files, clip.createdAt);
  });

  return {
    freeze,
    async of(q, clips) {
      const found = await fixedOf(q, clips);
      // Rows from before names were fixed.
      const others = await content.names(
        q,
        clips.filter((clip) => !found.has(clip)),
      );
      return new Map([...others, ...found]);
    },
  };
}

async function fixedOf(q: Reads, clips: readonly string[]): Promise<ReadonlyMap<string, ClipName>> {
  if (clips.length === 0) return new Map();
  const t = q.t.clipNames;
  const rows = await q
    .select()
    .from(t)
    .where(inArray(t.clip, [...new Set(clips)]));
  return new Map(rows.map(({ clip, title, merchantId }) => [clip, { title, merchantId }]));
}
