import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import type { Paging } from './paging.ts';
import type { Building, Holidays, newUnits, Unit, unitPatch, UnitsMade } from './place-contract.ts';
import * as rows from './place-store.ts';

/** Told in the transaction in which the days of a community change. */
export type PlacesHook = (q: Tx, communityId: string) => Promise<void>;
/** Told in the transaction in which a unit gets another floor. */
type UnitHook = (q: Tx, unit: { readonly id: string; readonly communityId: string }) => Promise<void>;

export interface Places {
  buildings(communityId: string, paging: Paging): Promise<Page<Building>>;
  units(
    communityId: string,
    query: Paging & { building?: string | undefined; search?: string | undefined },
  ): Promise<Page<Unit>>;
  /** Numbers that are there already are left as they are. */
  createUnits(who: Account, communityId: string, input: z.output<typeof newUnits>, call: Call): Promise<UnitsMade>;
  /** Rejects with `not-found`. */
  unit(q: Reads, id: string): Promise<Unit & { readonly communityId: string }>;
  changeUnit(who: Account, id: string, patch: z.output<typeof unitPatch>, call: Call): Promise<Unit>;
  /** Local days on which only the windows for holidays count, in their order. */
  holidays(q: Reads, communityId: string): Promise<readonly string[]>;
  setHolidays(who: Account, communityId: string, input: Holidays, call: Call): Promise<Holidays>;
  /** Runs when the holidays change: the doors' lists say them. */
  onPlacesChanged(hook: PlacesHook): void;
  /** Runs when a unit gets another floor: the doors' lists say which one the lift releases for who lives there. */
  onUnitChanged(hook: UnitHook): void;
}

export function createPlaces({ store, clock, audit }: Platform): Places {
  const hooks: PlacesHook[] = [];
  const unitHooks: UnitHook[] = [];
  const tell: PlacesHook = async (q, communityId) => {
    for (const hook of hooks) await hook(q, communityId);
  };
  const unit = async (q: Reads, id: string) => {
    const found = await rows.findUnit(q, id);
    if (!found) throw notFound('unit');
    return found;
  };

  return {
    unit,
    holidays,
    onPlacesChanged: (hook) => void hooks.push(hook),
    onUnitChanged: (hook) => void unitHooks.push(hook),
    async buildings(communityId, { cursor, limit = pageSizeDefault }) {
      const after = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await rows.listBuildings(store.read, communityId);
      const rest = found.filter(({ place }) => place > after);
      return pageOf(
        rest,
        limit,
        (row) => [row.place],
        (row) => row,
      );
    },
    async units(communityId, { cursor, limit = pageSizeDefault, ...filter }) {
      const after = cursor === undefined ? undefined : decodeCursor<[string, string]>(cursor, ['string', 'string']);
      const found = await rows.listUnits(store.read, communityId, filter, after, limit + 1);
      return pageOf(
        found,
        limit,
        (row) => [row.place, row.id],
        (row) => row,
      );
    },
    createUnits: (who, communityId, { building, numbers }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const places = [...new Set(numbers)].map((number) => ({ building, number }));
          const { made } = await rows.requireUnits(q, communityId, places);
          const facts = { made: made.size };
          if (made.size > 0) await audit(q, { who, action: 'units.create', subject: communityId, facts });
          return { made: made.size, known: places.length - made.size };
        }),
      ),
    changeUnit: (who, id, { floor }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const { communityId } = await unit(q, id);
          await q.update(q.t.units).set({ floor }).where(eq(q.t.units.id, id));
          await audit(q, { who, action: 'unit.change', subject: id, facts: { floor } });
          for (const hook of unitHooks) await hook(q, { id, communityId });
          return unit(q, id);
        }),
      ),
    setHolidays: (who, communityId, { dates }, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          await replaceHolidays(q, communityId, [...new Set(dates)]);
          await audit(q, { who, action: 'community.holidays', subject: communityId, facts: { days: dates.length } });
          await tell(q, communityId);
          return { dates: [...(await holidays(q, communityId))] };
        }),
      ),
  };
}

async function holidays(q: Reads, communityId: string): Promise<readonly string[]> {
  const t = q.t.holidays;
  const days = await q.select({ date: t.date }).from(t).where(eq(t.communityId, communityId)).orderBy(t.date);
  return days.map(({ date }) => date);
}

async function replaceHolidays(q: Tx, communityId: string, dates: readonly string[]): Promise<void> {
  const t = q.t.holidays;
  await q.delete(t).where(eq(t.communityId, communityId));
  await q.insertMany(
    t,
    dates.map((date) => ({ communityId, date })),
  );
}
