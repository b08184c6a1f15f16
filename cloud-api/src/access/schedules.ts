import { newId } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { AccessLists } from './lists.ts';
import type { AccessSchedule, NewAccessSchedule } from './pass-contract.ts';
import { isEmptyWindow, shownWindows, storedWindows } from './schedule-rules.ts';

type ScheduleRow = Reads['t']['accessSchedules']['$inferSelect'];

/** More than a terminal's list has place for would void the list. */
export const schedulesMax = 100;

export interface Schedules {
  /** Rejects with `not-found`. */
  find(q: Reads, id: string): Promise<ScheduleRow>;
  list(
    communityId: string,
    paging: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  ): Promise<Page<AccessSchedule>>;
  /** Rejects with `schedule-empty`, `conflict` when there are too many, `not-found` for an entrance of elsewhere. */
  create(who: Account, communityId: string, input: NewAccessSchedule, call: Call): Promise<AccessSchedule>;
  /** Holds for those who have it at once. */
  change(who: Account, id: string, input: NewAccessSchedule, call: Call): Promise<AccessSchedule>;
  /** Rejects with `schedule-in-use` while a pass has it that is neither revoked nor over. */
  remove(who: Account, id: string): Promise<void>;
}

/** Named sets of weekly windows. */
export function createSchedules(platform: Platform, communities: Communities, lists: AccessLists): Schedules {
  const { store, clock, audit } = platform;
  const find = async (q: Reads, id: string) => {
    const [row] = await q.select().from(q.t.accessSchedules).where(eq(q.t.accessSchedules.id, id));
    if (!row) throw notFound('schedule');
    return row;
  };
  const usersOf = (q: Reads, ids: readonly string[]) => countUsers(q, ids, platform);
  const show = async (q: Reads, id: string): Promise<AccessSchedule> => {
    const row = await find(q, id);
    return shown(row, await usersOf(q, [id]));
  };
  const windowsOf = async (q: Reads, communityId: string, input: NewAccessSchedule) => {
    await requireWindows(q, communities, communityId, input);
    return storedWindows(input.windows);
  };

  return {
    find,
    async list(communityId, { cursor, limit = pageSizeDefault }) {
      const after = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await listSchedules(store.read, communityId, after, limit + 1);
      const users = await usersOf(
        store.read,
        found.map(({ id }) => id),
      );
      return pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => shown(row, users),
      );
    },
    async create(who, communityId, input, call) {
      const { id } = await store.tx((q) =>
        once(q, clock, call, async () => {
          if ((await countOf(q, communityId)) >= schedulesMax)
            throw refusal('conflict', `${schedulesMax} schedules are the most`);
          const made = { id: newId('schedule'), communityId, name: input.name, createdAt: clock.now() };
          await q.insert(q.t.accessSchedules).values({ ...made, windows: await windowsOf(q, communityId, input) });
          await audit(q, { who, action: 'access-schedule.create', subject: made.id });
          return { id: made.id };
        }),
      );
      return show(store.read, id);
    },
    async change(who, id, input, call) {
      await store.tx((q) =>
        once(q, clock, call, async () => {
          const { communityId } = await find(q, id);
          const windows = await windowsOf(q, communityId, input);
          await q.update(q.t.accessSchedules).set({ name: input.name, windows }).where(eq(q.t.accessSchedules.id, id));
          await audit(q, { who, action: 'access-schedule.change', subject: id });
          await lists.publish(q, communityId, []);
        }),
      );
      return show(store.read, id);
    },
    async remove(who, id) {
      await store.tx(async (q) => {
        await find(q, id);
        if (((await usersOf(q, [id])).get(id) ?? 0) > 0)
          throw refusal('schedule-in-use', 'there are passes that go by this schedule');
        await q.delete(q.t.accessSchedules).where(eq(q.t.accessSchedules.id, id));
        await audit(q, { who, action: 'access-schedule.remove', subject: id });
      });
    },
  };
}

async function requireWindows(
  q: Reads,
  communities: Communities,
  communityId: string,
  { windows }: NewAccessSchedule,
): Promise<void> {
  if (windows.some(isEmptyWindow)) throw refusal('schedule-empty', 'a window that ends when it begins never holds');
  for (const entranceId of new Set(windows.flatMap(({ entranceIds }) => entranceIds ?? []))) {
    if ((await communities.entrance(q, entranceId)).communityId !== communityId) throw notFound('entrance');
  }
}

const shown = (
  { id, communityId, name, windows }: ScheduleRow,
  users: ReadonlyMap<string, number>,
): AccessSchedule => ({
  id,
  communityId,
  name,
  windows: shownWindows(windows),
  inUse: users.get(id) ?? 0,
});

async function listSchedules(q: Reads, communityId: string, afterId: string, limit: number): Promise<ScheduleRow[]> {
  const t = q.t.accessSchedules;
  return q
    .select()
    .from(t)
    .where(and(eq(t.communityId, communityId), gt(t.id, afterId)))
    .orderBy(asc(t.id))
    .limit(limit);
}

async function countOf(q: Tx, communityId: string): Promise<number> {
  const t = q.t.accessSchedules;
  const [row] = await q.select({ n: count() }).from(t).where(eq(t.communityId, communityId));
  return row?.n ?? 0;
}

/** How many passes go by each of the schedules, of those that are neither revoked nor over. */
async function countUsers(q: Reads, ids: readonly string[], { clock }: Platform): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const t = q.t.credentials;
  const found = await q
    .select({ id: t.scheduleId, n: count() })
    .from(t)
    .where(
      and(
        inArray(t.scheduleId, [...ids]),
        eq(t.kind, 'code'),
        isNull(t.revokedAt),
        or(isNull(t.to), gt(t.to, clock.now())),
      ),
    )
    .groupBy(t.scheduleId);
  return new Map(found.map(({ id, n }) => [id ?? '', n]));
}
