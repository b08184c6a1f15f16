import { randomUUID } from 'node:crypto';
import {
  after,
  instant,
  minutes,
  seconds,
  type Clock,
  type DurationMs,
  type InstantMs,
} from '@gatecast/firmware-protocol';
import { and, asc, eq, lte } from 'drizzle-orm';
import type { Store, Tx } from './db/store.ts';
import { safeMessage, type Logger } from './log.ts';

const sweepEveryMs = seconds(1);
const backoffFirstMs = seconds(1);
const backoffMaxMs = minutes(10);
const errorTextMax = 300;

interface JobHandler {
  /** Must bear being run twice: a lease can run out while a slow run goes on. `signal` aborts when the program stops. */
  run(payload: unknown, context: { readonly id: string; readonly signal: AbortSignal }): Promise<void>;
  /** Called once the last attempt has failed. */
  gaveUp?(payload: unknown, error: unknown): Promise<void>;
  readonly leaseMs?: DurationMs;
  readonly attemptsMax?: number;
  /** Runs at the same time in this process. */
  readonly concurrency?: number;
  /** A job given up keeps its id and error, not its payload: for payloads with personal data. */
  readonly forgetPayload?: boolean;
  /** Makes it a recurring job. */
  readonly everyMs?: DurationMs;
}

export interface Jobs {
  /** Says how work of a kind is done; before `start`. */
  handle(kind: string, handler: JobHandler): void;
  /** Work to do once, at `runAt` or as soon as the transaction commits. The same id twice is one job. */
  add(
    q: Tx,
    kind: string,
    payload: unknown,
    options?: { readonly id?: string; readonly runAt?: InstantMs },
  ): Promise<void>;
  start(): Promise<void>;
  /** Waits for what is running; what is not done is taken up again by whoever starts next. */
  stop(): Promise<void>;
}

/** Leased rows of one table: a crash loses nothing, two processes never run one lease together. */
export function createJobs(store: Store, clock: Clock, log: Logger): Jobs {
  const handlers = new Map<string, JobHandler>();
  const running = new Map<string, Set<Promise<void>>>();
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let started = false;

  const pump = async (kind: string): Promise<void> => {
    const handler = handlers.get(kind);
    const own = running.get(kind);
    if (!handler || !own || !started) return;
    while (!stopping.signal.aborted && own.size < (handler.concurrency ?? 1)) {
      const job = await claim(store, clock, kind, handler.leaseMs ?? minutes(1));
      if (!job) return;
      const done = performSafely(job, handler).finally(() => {
        own.delete(done);
        pumpSafely(kind);
      });
      own.add(done);
    }
  };
  const pumpSafely = (kind: string) =>
    void pump(kind).catch((err: unknown) => log.error({ err, kind }, 'cannot take a job'));

  /** What cannot even be noted as failed, as the database is away, is taken up again when its lease is over. */
  const performSafely = (job: ClaimedJob, handler: JobHandler): Promise<void> =>
    perform(job, handler).catch((err: unknown) => log.error({ err, job: job.kind, id: job.id }, 'a job was left'));

  const perform = async (job: ClaimedJob, handler: JobHandler): Promise<void> => {
    const startedAt = clock.mono();
    try {
      await handler.run(job.payload, { id: job.id, signal: stopping.signal });
      await finish(store, clock, job, handler);
      log.debug({ job: job.kind, id: job.id, ms: clock.mono() - startedAt }, 'job');
    } catch (error) {
      const last = !handler.everyMs && job.attempts >= (handler.attemptsMax ?? 10);
      log.warn({ err: error, job: job.kind, id: job.id, attempt: job.attempts, last }, 'a job failed');
      await postpone(store, clock, job, error, { last, forget: last && (handler.forgetPayload ?? false) });
      if (last) await handler.gaveUp?.(job.payload, error);
    }
  };

  return {
    handle(kind, handler) {
      handlers.set(kind, handler);
      running.set(kind, new Set());
    },
    async add(q, kind, payload, { id = randomUUID(), runAt = clock.now() } = {}) {
      await q
        .insert(q.t.jobs)
        .values({ id, kind, payload, state: 'waiting', runAt, leasedUntil: instant(0), attempts: 0 })
        .onConflictDoNothing();
      q.afterCommit(() => pumpSafely(kind));
    },
    async start() {
      started = true;
      for (const [kind, { everyMs }] of handlers) {
        if (everyMs) await store.tx((q) => this.add(q, kind, {}, { id: `every:${kind}` }));
        pumpSafely(kind);
      }
      timer = setInterval(() => [...handlers.keys()].forEach(pumpSafely), sweepEveryMs);
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all([...running.values()].flatMap((own) => [...own]));
    },
  };
}

interface ClaimedJob {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
}

async function claim(store: Store, clock: Clock, kind: string, leaseMs: DurationMs): Promise<ClaimedJob | undefined> {
  const now = clock.now();
  const t = store.read.t.jobs;
  const due = (table: typeof t) =>
    and(eq(table.state, 'waiting'), eq(table.kind, kind), lte(table.runAt, now), lte(table.leasedUntil, now));
  const [candidate] = await store.read.select({ id: t.id }).from(t).where(due(t)).orderBy(asc(t.runAt)).limit(1);
  if (!candidate) return undefined;
  return store.tx(async (q) => {
    const [row] = await q.select().from(q.t.jobs).where(due(q.t.jobs)).orderBy(asc(q.t.jobs.runAt)).limit(1);
    if (!row) return undefined;
    const attempts = row.attempts + 1;
    await q
      .update(q.t.jobs)
      .set({ leasedUntil: after(now, leaseMs), attempts })
      .where(eq(q.t.jobs.id, row.id));
    return { id: row.id, kind, payload: row.payload, attempts };
  });
}

async function finish(store: Store, clock: Clock, job: ClaimedJob, { everyMs }: JobHandler): Promise<void> {
  await store.tx(async (q) => {
    const mine = eq(q.t.jobs.id, job.id);
    if (!everyMs) return void (await q.delete(q.t.jobs).where(mine));
    await q
      .update(q.t.jobs)
      .set({ runAt: after(clock.now(), everyMs), leasedUntil: instant(0), attempts: 0, error: null })
      .where(mine);
  });
}

async function postpone(
  store: Store,
  clock: Clock,
  job: ClaimedJob,
  error: unknown,
  { last, forget }: { readonly last: boolean; readonly forget: boolean },
): Promise<void> {
  const backoff = Math.min(backoffMaxMs, backoffFirstMs * 2 ** (job.attempts - 1));
  await store.tx(async (q) => {
    await q
      .update(q.t.jobs)
      .set({
        ...(forget ? { payload: {} } : {}),
        state: last ? 'failed' : 'waiting',
        runAt: instant(Math.round(clock.now() + backoff * (0.5 + Math.random()))),
        leasedUntil: instant(0),
        error: (error instanceof Error ? safeMessage(error) : String(error)).slice(0, errorTextMax),
      })
      .where(eq(q.t.jobs.id, job.id));
  });
}
