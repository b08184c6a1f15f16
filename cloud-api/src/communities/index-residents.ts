import { setImmediate as nextTurn } from 'node:timers/promises';
import { hours } from '@gatecast/firmware-protocol';
import { and, eq, ne } from 'drizzle-orm';
import type { Store, Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import { placeKey, searchText } from './place-key.ts';

const batchMax = 200;

/**
 * Gives a place and a text for searches to units and residents from before there were any, so that they are listed and found like the others.
 * Finds nothing to do ever after.
 */
export function indexOldResidents({ store, jobs }: Platform): void {
  jobs.handle('communities.index-residents', {
    everyMs: hours(24),
    async run(_, { signal }) {
      for (const next of [indexUnits, indexResidents]) {
        while (await isThereMore(store, next)) {
          signal.throwIfAborted();
          await nextTurn();
        }
      }
    },
  });
}

type Step = (q: Tx) => Promise<number>;
const isThereMore = async (store: Store, step: Step): Promise<boolean> => (await store.tx(step)) === batchMax;

async function indexUnits(q: Tx): Promise<number> {
  const t = q.t.units;
  const rows = await q.select().from(t).where(eq(t.place, '')).limit(batchMax);
  for (const { id, building, number } of rows) {
    await q
      .update(t)
      .set({ place: placeKey(building, number) })
      .where(eq(t.id, id));
  }
  return rows.length;
}

async function indexResidents(q: Tx): Promise<number> {
  const { residents: t, units } = q.t;
  const rows = await q
    .select({ id: t.id, name: t.name, phoneMasked: t.phoneMasked, building: units.building, unit: units.number })
    .from(t)
    .innerJoin(units, eq(units.id, t.unitId))
    .where(and(eq(t.place, ''), ne(t.state, 'erased')))
    .limit(batchMax);
  for (const row of rows) {
    await q
      .update(t)
      .set({ place: placeKey(row.building, row.unit), searchText: searchText(row) })
      .where(eq(t.id, row.id));
  }
  return rows.length;
}
