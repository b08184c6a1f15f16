import { newId } from '@gatecast/firmware-protocol';
import { asc, eq, gt } from 'drizzle-orm';
import type { Operator } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import { once, type Call } from '../platform/idempotency.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { Supplier } from './contract.ts';
import type { Directory } from './directory.ts';

export interface Suppliers {
  list(paging: Paging): Promise<Page<Supplier>>;
  create(who: Operator, name: string, call: Call): Promise<Supplier>;
}

/** Whom goods come from; so far no more than the party of its accounts. */
export function createSuppliers({ store, clock, audit }: Platform, directory: Directory): Suppliers {
  directory.tell('supp', async (q, id) => {
    const t = q.t.suppliers;
    const [row] = await q.select({ name: t.name }).from(t).where(eq(t.id, id));
    return row && { name: row.name, ownerId: null };
  });

  return {
    async list({ cursor, limit = pageSizeDefault }) {
      const t = store.read.t.suppliers;
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const columns = { id: t.id, name: t.name };
      const found = await store.read
        .select(columns)
        .from(t)
        .where(gt(t.id, start))
        .orderBy(asc(t.id))
        .limit(limit + 1);
      return pageOf(
        found,
        limit,
        ({ id }) => [id],
        (row) => row,
      );
    },
    create: (who, name, call) =>
      store.tx((q) =>
        once(q, clock, call, async () => {
          const id = newId('supplier');
          await q.insert(q.t.suppliers).values({ id, name, createdAt: clock.now() });
          await audit(q, { who, action: 'supplier.create', subject: id });
          return { id, name };
        }),
      ),
  };
}
