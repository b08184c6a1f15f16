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
import { and, asc, eq, inArray, lte } from 'drizzle-orm';
import type { Reads, Store, Tx } from './db/store.ts';
import { safeMessage, type Logger } from './log.ts';

const sweepEveryMs = seconds(1);
const backoffFirstMs = seconds(1);
const backoffMaxMs = minutes(10);
const errorTextMax = 300;
const leaseMsDefault = minutes(1);
/** Renewed this often within its life, so that one slow write loses nothing. */
const renewalsPerLease = 3;

/** One run of a job. */
export interface JobRun {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly attempt: number;
  /**
   * For what only one process may write: within a transaction of the run, renews the lease, and rejects if another process has taken the job meanwhile. A process
   * that was held up for longer than its lease then writes nothing beside its successor.
   */
  readonly held: (q: Tx) => Promise<void>;
}

interface JobHandler {
  /**
   * Must bear being run twice: a lease can run out while a slow run goes on. `signal` aborts when the program stops, or when a lease that is renewed
   * went to another process all the same. `attempt` counts from 1, runs that took their process down with them too: those come to no last attempt.
   */
  run(payload: unknown, context: JobRun): Promise<void>;
  /** Called once the last attempt has failed. */
  gaveUp?(payload: unknown, error: unknown): Promise<void>;
  readonly leaseMs?: DurationMs;
  /** For long runs: the lease is renewed while the run goes on, so that it can be short and the work of a dead process is soon taken up. */
  readonly renewsLease?: boolean;
  readonly attemptsMax?: number;
  /** Runs at the same time in this process. */
  readonly concurrency?: number;
  /** A job given up keeps its id and error, not its payload: for payloads with personal data. */
  readonly forgetPayload?: boolean;
  /** Makes it a recurring job, due so long after its last run began. */
  readonly everyMs?: DurationMs;
}

export interface Jobs {
  /** Says how work of a kind is done; before `start`. */
  handle(kind: string, handler: JobHandler): void;
  /**
   * Work to do once, at `runAt` or as soon as the transaction commits. The same id twice is one job. With `again` one that was given up starts anew;
   * without, it stays given up.
   */
  add(
    q: Tx,
    kind: string,
    payload: unknown,
    options?: { readonly id?: string; readonly runAt?: InstantMs; readonly again?: boolean },
  ): Promise<void>;
  /** When each of these is to run next; what is done or was given up is not in it. */
  nextRuns(q: Reads, ids: readonly string[]): Promise<ReadonlyMap<string, InstantMs>>;
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
      const job = await claim(store, clock, kind, handler.leaseMs ?? leaseMsDefault);
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
    perform({ store, clock, log }, job, handler, stopping.signal).catch((err: unknown) =>
      log.error({ err, job: job.kind, id: job.id }, 'a job was left'),
    );

  return {
    handle(kind, handler) {
      handlers.set(kind, handler);
      running.set(kind, new Set());
    },
    async add(q, kind, payload, { id = randomUUID(), runAt = clock.now(), again = false } = {}) {
      const { jobs } = q.t;
      const fresh = { payload, state: 'waiting', runAt, leasedUntil: instant(0), attempts: 0, error: null } as const;
      const added = q.insert(jobs).values({ id, kind, ...fresh });
      await (again
        ? added.onConflictDoUpdate({ target: jobs.id, set: fresh, setWhere: eq(jobs.state, 'failed') })
        : added.onConflictDoNothing());
      q.afterCommit(() => pumpSafely(kind));
    },
    async nextRuns(q, ids) {
      if (ids.length === 0) return new Map();
      const t = q.t.jobs;
      const waiting = await q
        .select({ id: t.id, runAt: t.runAt })
        .from(t)
        .where(and(inArray(t.id, [...ids]), eq(t.state, 'waiting')));
      return new Map(waiting.map(({ id, runAt }) => [id, runAt]));
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
  readonly runAt: InstantMs;
  readonly begunAt: InstantMs;
}

/** The job went to another process. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('the lease went to another process');
  }
}

/**
 * The row, as long as it is this run's: whoever takes a job counts its attempts up, and where these begin again it is due at another time. A run that was held up
 * touches nothing that its successor has.
 */
const mine = ({ jobs: t }: Tx['t'], job: ClaimedJob) =>
  and(eq(t.id, job.id), eq(t.attempts, job.attempts), eq(t.runAt, job.runAt));

/** Writes the row, so that nobody takes it before this transaction has ended. */
async function renew(q: Tx, clock: Clock, job: ClaimedJob, leaseMs: DurationMs): Promise<void> {
  const kept = await q
    .update(q.t.jobs)
    .set({ leasedUntil: after(clock.now(), leaseMs) })
    .where(mine(q.t, job))
    .returning({ id: q.t.jobs.id });
  if (kept.length === 0) throw new LeaseLost();
}

async function perform(
  { store, clock, log }: { readonly store: Store; readonly clock: Clock; readonly log: Logger },
  job: ClaimedJob,
  handler: JobHandler,
  stopping: AbortSignal,
): Promise<void> {
  const startedAt = clock.mono();
  const lease = handler.renewsLease ? renewing(store, clock, log, job, handler.leaseMs ?? leaseMsDefault) : undefined;
  const signal = lease ? AbortSignal.any([stopping, lease.lost]) : stopping;
  try {
    const held = (q: Tx) => renew(q, clock, job, handler.leaseMs ?? leaseMsDefault);
    await handler.run(job.payload, { id: job.id, signal, attempt: job.attempts, held });
    await finish(store, job, handler);
    log.debug({ job: job.kind, id: job.id, ms: clock.mono() - startedAt }, 'job');
  } catch (error) {
    if (lease?.lost.aborted || error instanceof LeaseLost) {
      log.warn({ job: job.kind, id: job.id }, 'a job went on elsewhere');
      return;
    }
    // Whoever stops the program has no quarrel with the job.
    if (signal.aborted) return await putBack(store, job);
    const last = !handler.everyMs && job.attempts >= (handler.attemptsMax ?? 10);
    log.warn({ err: error, job: job.kind, id: job.id, attempt: job.attempts, last }, 'a job failed');
    await postpone(store, clock, job, error, { last, forget: last && (handler.forgetPayload ?? false) });
    if (last) await handler.gaveUp?.(job.payload, error);
  } finally {
    lease?.stop();
  }
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
    return { id: row.id, kind, payload: row.payload, attempts, runAt: row.runAt, begunAt: now };
  });
}

interface Lease {
  /** Aborts when another process has taken the job. */
  readonly lost: AbortSignal;
  stop(): void;
}

/** Keeps a job for this run. */
function renewing(store: Store, clock: Clock, log: Logger, job: ClaimedJob, leaseMs: DurationMs): Lease {
  const lost = new AbortController();
  const renewSafely = () =>
    void store
      .tx((q) => renew(q, clock, job, leaseMs))
      .catch((err: unknown) => {
        if (err instanceof LeaseLost) lost.abort(err);
        else log.warn({ err, job: job.kind }, 'cannot keep a job');
      });
  const timer = setInterval(renewSafely, leaseMs / renewalsPerLease);
  return { lost: lost.signal, stop: () => clearInterval(timer) };
}

/** For whoever starts next, as if it had not been tried; due at another moment, so that no run that had it before takes it for its own. */
async function putBack(store: Store, job: ClaimedJob): Promise<void> {
  await store.tx(async (q) => {
    await q
      .update(q.t.jobs)
      .set({ leasedUntil: instant(0), attempts: job.attempts - 1, runAt: instant(job.runAt + 1) })
      .where(mine(q.t, job));
  });
}

async function finish(store: Store, job: ClaimedJob, { everyMs }: JobHandler): Promise<void> {
  await store.tx(async (q) => {
    if (!everyMs) return void (await q.delete(q.t.jobs).where(mine(q.t, job)));
    await q
      .update(q.t.jobs)
      .set({ runAt: after(job.begunAt, everyMs), leasedUntil: instant(0), attempts: 0, error: null })
      .where(mine(q.t, job));
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
      .where(mine(q.t, job));
  });
}
