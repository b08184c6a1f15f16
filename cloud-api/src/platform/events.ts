import { milliseconds, type Clock } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, lt, type SQL } from 'drizzle-orm';
import type { Account } from './auth.ts';
import type { Store, Tx } from './db/store.ts';
import type { LiveEvent, LiveEventType } from './live-events.ts';
import type { Logger } from './log.ts';

const pollEveryMs = milliseconds(1_000);
const batchMax = 200;
/** A page that was away for longer reloads its lists instead. */
export const eventsKeptMs = 24 * 3_600_000;

export interface NewEvent {
  readonly type: LiveEventType;
  readonly subject: string;
  readonly facts?: LiveEvent['facts'];
  /** Who sees it, besides the operator. */
  readonly companyId?: string;
  readonly merchantId?: string;
  readonly residentId?: string;
}

export interface Events {
  /** Writes events in the transaction that makes them true. */
  emit(q: Tx, ...events: readonly NewEvent[]): Promise<void>;
  /** What `who` may see after row `afterId` (undefined: from now on), as it comes, until `signal` aborts. */
  follow(who: Account, afterId: number | undefined, signal: AbortSignal): AsyncGenerator<LiveEvent>;
  prune(): Promise<void>;
  start(): Promise<void>;
  stop(): void;
}

/** The append-only table of live events and its tail in this process: one query a second, or at once when the store wakes it. */
export function createEvents(store: Store, clock: Clock, log: Logger): Events {
  let newest = 0;
  let timer: NodeJS.Timeout | undefined;
  let unwake: (() => void) | undefined;
  let moved = Promise.withResolvers<void>();

  const look = async (): Promise<void> => {
    const t = store.read.t.events;
    const [row] = await store.read.select({ id: t.id }).from(t).orderBy(desc(t.id)).limit(1);
    if (!row || row.id <= newest) return;
    newest = row.id;
    const waiting = moved;
    moved = Promise.withResolvers<void>();
    waiting.resolve();
  };
  const lookSafely = () => void look().catch((err: unknown) => log.warn({ err }, 'cannot read the live events'));

  return {
    async emit(q, ...events) {
      if (events.length === 0) return;
      // Ids must rise in commit order, or a tail that has seen a later one would miss an earlier one.
      await q.lock('events');
      const at = clock.now();
      await q.insertMany(
        q.t.events,
        events.map(({ type, subject, facts = {}, companyId, merchantId, residentId }) => ({
          at,
          type,
          subject,
          facts,
          companyId: companyId ?? null,
          merchantId: merchantId ?? null,
          residentId: residentId ?? null,
        })),
      );
      await store.wake(q);
    },
    async *follow(who, afterId, signal) {
      await look();
      let last = afterId ?? newest;
      const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      while (!signal.aborted) {
        const wait = moved.promise;
        const rows = await rowsAfter(store, who, last);
        for (const row of rows) yield row;
        last = rows.at(-1)?.id ?? last;
        if (rows.length < batchMax) await Promise.race([wait, aborted]);
      }
    },
    async prune() {
      const before = clock.now() - eventsKeptMs;
      await store.tx(
        async (q) =>
          void (await q.delete(q.t.events).where(lt(q.t.events.at, before as typeof q.t.events.$inferSelect.at))),
      );
    },
    async start() {
      await look();
      timer = setInterval(lookSafely, pollEveryMs);
      unwake = store.onWake(lookSafely);
    },
    stop() {
      clearInterval(timer);
      unwake?.();
      moved.resolve();
    },
  };
}

async function rowsAfter(store: Store, who: Account, last: number): Promise<LiveEvent[]> {
  const t = store.read.t.events;
  const rows = await store.read
    .select({ id: t.id, type: t.type, subject: t.subject, at: t.at, facts: t.facts })
    .from(t)
    .where(and(gt(t.id, last), visibleTo(who, t)))
    .orderBy(asc(t.id))
    .limit(batchMax);
  return rows as LiveEvent[];
}

/** Unknown means no: only the operator sees rows that name nobody. */
function visibleTo(who: Account, t: Store['read']['t']['events']): SQL | undefined {
  switch (who.role) {
    case 'operator':
      return undefined;
    case 'property':
      return eq(t.companyId, who.companyId);
    case 'merchant':
      return eq(t.merchantId, who.merchantId);
    case 'resident':
      return eq(t.residentId, who.residentId);
  }
}
