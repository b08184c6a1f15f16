import { instant, milliseconds, type Clock } from '@gatecast/firmware-protocol';
import { and, asc, desc, eq, gt, inArray, lt, notInArray, sql, type SQL } from 'drizzle-orm';
import type { Account } from './auth.ts';
import { prepared } from './db/prepared.ts';
import type { Reads, Store, Tx } from './db/store.ts';
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
  /** With a company: guards who keep only some communities see it if this is one of them. */
  readonly communityId?: string;
  readonly merchantId?: string;
  /** With a merchant: the staff of this store see it too. */
  readonly storeId?: string;
  readonly residentId?: string;
}

export interface Events {
  /** Writes events in the transaction that makes them true. */
  emit(q: Tx, ...events: readonly NewEvent[]): Promise<void>;
  /** What `who` may see after row `afterId` (undefined: from now on), as it comes, until `signal` aborts or the program stops. */
  follow(who: Account, afterId: number | undefined, signal: AbortSignal): AsyncGenerator<LiveEvent>;
  /** The newest row that this process knows of: whoever reads lists after asking, and follows from here, misses nothing. */
  newestId(): number;
  prune(): Promise<void>;
  start(): Promise<void>;
  /** Also ends everybody who follows. */
  stop(): void;
}

const newestEvent = prepared('events.newest', (q: Reads) =>
  q.select({ id: q.t.events.id }).from(q.t.events).orderBy(desc(q.t.events.id)).limit(1),
);

/** The append-only table of live events and its tail in this process: one query a second, or at once when the store wakes it. */
export function createEvents(store: Store, clock: Clock, log: Logger): Events {
  let newest = 0;
  let timer: NodeJS.Timeout | undefined;
  let unwake: (() => void) | undefined;
  const followers = new Set<() => void>();
  const stopping = new AbortController();

  const look = async (): Promise<void> => {
    const [row] = await newestEvent(store.read, {});
    if (!row || row.id <= newest) return;
    newest = row.id;
    for (const wake of followers) wake();
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
        events.map(({ type, subject, facts = {}, companyId, communityId, merchantId, storeId, residentId }) => ({
          at,
          type,
          subject,
          facts,
          companyId: companyId ?? null,
          communityId: communityId ?? null,
          merchantId: merchantId ?? null,
          storeId: storeId ?? null,
          residentId: residentId ?? null,
        })),
      );
      await store.wake(q);
    },
    follow(who, afterId, signal) {
      return tail((from) => rowsAfter(store, who, from), afterId ?? newest, followers, [signal, stopping.signal]);
    },
    newestId: () => newest,
    async prune() {
      const before = instant(clock.now() - eventsKeptMs);
      await store.tx(async (q) => void (await q.delete(q.t.events).where(lt(q.t.events.at, before))));
    },
    async start() {
      await look();
      timer = setInterval(lookSafely, pollEveryMs);
      unwake = store.onWake(lookSafely);
    },
    stop() {
      clearInterval(timer);
      unwake?.();
      stopping.abort();
    },
  };
}

/** Reads on whenever it is woken, until one of the signals aborts. */
async function* tail(
  read: (afterId: number) => Promise<LiveEvent[]>,
  afterId: number,
  followers: Set<() => void>,
  ends: readonly AbortSignal[],
): AsyncGenerator<LiveEvent> {
  let last = afterId;
  let isBehind = true;
  let resume = (): void => undefined;
  const wake = () => {
    isBehind = true;
    resume();
  };
  const hasEnded = () => ends.some((signal) => signal.aborted);
  for (const signal of ends) signal.addEventListener('abort', wake);
  followers.add(wake);
  try {
    while (!hasEnded()) {
      isBehind = false;
      const rows = await read(last);
      for (const row of rows) yield row;
      last = rows.at(-1)?.id ?? last;
      if (rows.length < batchMax && !isBehind && !hasEnded()) await new Promise<void>((resolve) => (resume = resolve));
    }
  } finally {
    followers.delete(wake);
    for (const signal of ends) signal.removeEventListener('abort', wake);
  }
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

/** For the named company alone: whoever opened under threat must not become known to more people than can help. */
const companyOnly: readonly LiveEventType[] = ['duress'];

/** What a guard works with; the rest of the company's events is for its managers. */
const guardTypes: readonly LiveEventType[] = [
  'terminal-online',
  'terminal-offline',
  'command',
  'access',
  'alarm',
  'door',
  'help',
  'pass',
];

/** Unknown means no: only the operator sees rows that name nobody. */
function visibleTo(who: Account, t: Store['read']['t']['events']): SQL | undefined {
  switch (who.role) {
    case 'operator':
      return notInArray(t.type, [...companyOnly]);
    case 'property':
      return eq(t.companyId, who.companyId);
    case 'guard':
      return and(
        eq(t.companyId, who.companyId),
        inArray(t.type, [...guardTypes]),
        who.communityIds === null ? undefined : inArray(t.communityId, [...who.communityIds]),
      );
    case 'merchant':
      return eq(t.merchantId, who.merchantId);
    case 'store-staff':
      return and(eq(t.merchantId, who.merchantId), eq(t.storeId, who.storeId));
    case 'resident':
      return eq(t.residentId, who.residentId);
    case 'leader':
    case 'supplier':
      return sql`1 = 0`;
  }
}
