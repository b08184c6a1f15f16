import { and, eq, inArray } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Content } from '../content/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { ClipBlocks as BlockList } from './contract.ts';
import { blocksPerCommunityMax } from './rules.ts';

const communitiesPerRead = 500;

type ChangedHook = (q: Tx, communityId: string) => Promise<void>;

/** What a property does not have on the screens of one of its communities. */
export interface ClipBlocks {
  of(q: Reads, communityId: string): Promise<ReadonlySet<string>>;
  /** The same of many communities; those that stop nothing are not in it. */
  across(q: Reads, communityIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  list(communityId: string): Promise<BlockList>;
  /** Again changes nothing. Rejects with `too-many-blocks`. */
  block(who: Account, communityId: string, clipId: string, complaintId: string | null): Promise<void>;
  allow(who: Account, communityId: string, clipId: string): Promise<void>;
  /** Runs in the transaction in which the list of a community changes. */
  onChange(hook: ChangedHook): void;
}

/** What the properties of these communities do not have on their screens; with nothing but a database, so that a thread of its own may ask. */
export async function blockedAcross(
  q: Reads,
  communityIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const t = q.t.communityClipBlocks;
  const found = new Map<string, Set<string>>();
  for (let i = 0; i < communityIds.length; i += communitiesPerRead) {
    const some = communityIds.slice(i, i + communitiesPerRead);
    const columns = { communityId: t.communityId, clipId: t.clipId };
    for (const { communityId, clipId } of await q.select(columns).from(t).where(inArray(t.communityId, some)))
      found.set(communityId, (found.get(communityId) ?? new Set()).add(clipId));
  }
  return found;
}

export function createClipBlocks(
  { store, clock, audit }: Platform,
  { communities, content }: { readonly communities: Communities; readonly content: Content },
): ClipBlocks {
  const hooks: ChangedHook[] = [];
  const rowsOf = async (q: Reads, communityId: string) => {
    const t = q.t.communityClipBlocks;
    return q.select().from(t).where(eq(t.communityId, communityId)).orderBy(t.at, t.clipId);
  };
  const changed = async (q: Tx, who: Account, deed: 'block' | 'allow', communityId: string, clipId: string) => {
    await audit(q, { who, action: `clip.${deed}-here`, subject: communityId, facts: { clip: clipId } });
    for (const hook of hooks) await hook(q, communityId);
  };
  return {
    of: async (q, communityId) => new Set((await rowsOf(q, communityId)).map(({ clipId }) => clipId)),
    across: blockedAcross,
    async list(communityId) {
      const found = await rowsOf(store.read, communityId);
      const ids = found.map(({ clipId }) => clipId);
      const clips = await content.about(store.read, ids);
      return { items: found.map(({ clipId, at }) => ({ clipId, title: clips.get(clipId)?.title ?? '', at })) };
    },
    block: (who, communityId, clipId, complaintId) =>
      store.tx(async (q) => {
        await communities.get(q, communityId);
        if (!(await content.about(q, [clipId])).has(clipId)) throw notFound('clip');
        const before = await rowsOf(q, communityId);
        if (before.some((row) => row.clipId === clipId)) return;
        if (before.length >= blocksPerCommunityMax)
          throw refusal('too-many-blocks', `a community stops ${blocksPerCommunityMax} clips at most`);
        if (complaintId !== null && !(await isOf(q, communityId, complaintId))) throw notFound('complaint');
        const row = { communityId, clipId, at: clock.now(), by: who.accountId, complaintId };
        await q.insert(q.t.communityClipBlocks).values(row);
        await changed(q, who, 'block', communityId, clipId);
      }),
    allow: (who, communityId, clipId) =>
      store.tx(async (q) => {
        const t = q.t.communityClipBlocks;
        const gone = await q
          .delete(t)
          .where(and(eq(t.communityId, communityId), eq(t.clipId, clipId)))
          .returning({ clipId: t.clipId });
        if (gone.length > 0) await changed(q, who, 'allow', communityId, clipId);
      }),
    onChange: (hook) => void hooks.push(hook),
  };
}

async function isOf(q: Reads, communityId: string, complaintId: string): Promise<boolean> {
  const t = q.t.screenComplaints;
  const found = await q
    .select({ id: t.id })
    .from(t)
    .where(and(eq(t.id, complaintId), eq(t.communityId, communityId)));
  return found.length > 0;
}
