import { days, hours, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { Communities } from '../communities/service.ts';
import { partyOf, type Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads } from '../platform/db/store.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { ViewedPart } from '../platform/privacy.ts';
import type { RecordView } from './contract.ts';

/** As long as somebody may want to know who looked. */
export const viewsKeptMs = days(366);
const operatorName = '门播 Gatecast';
/** Rows written in one transaction, when a whole log is exported. */
const batchMax = 500;

export interface Views {
  note(who: Account, residentIds: readonly string[], what: ViewedPart): Promise<void>;
  /** Newest first. */
  list(residentId: string, paging: Paging): Promise<Page<RecordView>>;
}

/** Who looked at a resident's data, told to the resident. */
export function createViews({ store, clock, jobs }: Platform, communities: Communities): Views {
  jobs.handle('privacy.forget-views', {
    everyMs: hours(24),
    run: () =>
      store.tx(async (q) => {
        const t = q.t.recordViews;
        await q.delete(t).where(lt(t.at, instant(clock.now() - viewsKeptMs)));
      }),
  });

  return {
    async note(who, residentIds, what) {
      if (who.role === 'resident') return;
      const at = clock.now();
      const hour = instant(at - (at % hours(1)));
      const seen = { what, accountId: who.accountId, hour };
      const ids = [...new Set(residentIds)];
      for (let from = 0; from < ids.length; from += batchMax) {
        const batch = ids.slice(from, from + batchMax);
        // Most looks are repeats of this hour: they cost a read and no transaction.
        const noted = await notedOf(store.read, batch, seen);
        const fresh = batch.filter((id) => !noted.has(id));
        if (fresh.length === 0) continue;
        const shared = { ...seen, at, role: who.role, companyId: partyOf(who).companyId };
        await store.tx((q) =>
          q.insertMany(
            q.t.recordViews,
            fresh.map((residentId) => ({ residentId, ...shared })),
            { onConflict: 'nothing' },
          ),
        );
      }
    },
    async list(residentId, { cursor, limit = pageSizeDefault }) {
      const before = cursor === undefined ? undefined : decodeCursor<[number]>(cursor, ['number'])[0];
      const rows = await viewsOf(store.read, residentId, before, limit + 1);
      const companyIds = rows.flatMap(({ companyId }) => companyId ?? []);
      const names = await communities.companyNames(store.read, [...new Set(companyIds)]);
      return pageOf(
        rows,
        limit,
        (row) => [row.no],
        ({ at, what, role, companyId }) => {
          const company = companyId === null ? null : (names.get(companyId) ?? null);
          return { at, what, role, company, by: `${company ?? operatorName} · ${role}` };
        },
      );
    },
  };
}

async function notedOf(
  q: Reads,
  residentIds: readonly string[],
  { what, accountId, hour }: { readonly what: ViewedPart; readonly accountId: string; readonly hour: InstantMs },
): Promise<ReadonlySet<string>> {
  const t = q.t.recordViews;
  const rows = await q
    .select({ residentId: t.residentId })
    .from(t)
    .where(
      and(inArray(t.residentId, [...residentIds]), eq(t.what, what), eq(t.accountId, accountId), eq(t.hour, hour)),
    );
  return new Set(rows.map(({ residentId }) => residentId));
}

export async function viewsOf(q: Reads, residentId: string, beforeNo: number | undefined, limit: number) {
  const t = q.t.recordViews;
  return q
    .select()
    .from(t)
    .where(and(eq(t.residentId, residentId), beforeNo === undefined ? undefined : lt(t.no, beforeNo)))
    .orderBy(desc(t.no))
    .limit(limit);
}
