import { instant, manualClock, milliseconds, minutes, seconds } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import { afterEach, expect, it, vi } from 'vitest';
import { describeStores } from './db/test-stores.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { silentLog } from './log.ts';
import { createOutbox } from './outbox.ts';

describeStores('jobs', (its) => {
  const clock = manualClock(instant(1_770_000_000_000));
  const running: Jobs[] = [];
  const make = () => {
    const jobs = createJobs(its.store, clock, silentLog());
    running.push(jobs);
    return jobs;
  };
  const row = async (id: string) => {
    const { jobs } = its.store.read.t;
    return (await its.store.read.select().from(jobs).where(eq(jobs.id, id)))[0];
  };
  afterEach(async () => {
    for (const jobs of running.splice(0)) await jobs.stop();
  });

  it('are done once, at once after the commit, and not if it fails', async () => {
    const done: unknown[] = [];
    const jobs = make();
    jobs.handle('once', { run: async (payload) => void done.push(payload) });
    await jobs.start();
    await its.store.tx(async (q) => {
      await jobs.add(q, 'once', { n: 1 }, { id: 'job-1' });
      await jobs.add(q, 'once', { n: 1 }, { id: 'job-1' });
    });
    await expect(
      its.store.tx(async (q) => {
        await jobs.add(q, 'once', { n: 2 });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow();
    await vi.waitFor(async () => expect(await row('job-1')).toBeUndefined());
    expect(done).toEqual([{ n: 1 }]);
  });

  it('are tried again later, and given up with a word in the end', async () => {
    let tries = 0;
    let gaveUp = 0;
    const jobs = make();
    jobs.handle('fails', {
      attemptsMax: 2,
      forgetPayload: true,
      async run() {
        tries += 1;
        throw new Error(`no ${tries}`);
      },
      gaveUp: async () => void (gaveUp += 1),
    });
    await jobs.start();
    await its.store.tx((q) => jobs.add(q, 'fails', { phone: 'x' }, { id: 'job-2' }));
    await vi.waitFor(async () => expect((await row('job-2'))?.error).toBe('no 1'));
    expect((await row('job-2'))?.runAt).toBeGreaterThan(clock.now());
    clock.advance(minutes(10));
    await vi.waitFor(
      async () => expect(await row('job-2')).toMatchObject({ state: 'failed', error: 'no 2', payload: {} }),
      5_000,
    );
    await vi.waitFor(() => expect(gaveUp).toBe(1));
  });

  it('that a dead process had begun are taken up when its lease is over', async () => {
    const dead = make();
    dead.handle('slow', { leaseMs: seconds(30), run: () => new Promise(() => undefined) });
    await dead.start();
    running.pop();
    await its.store.tx((q) => dead.add(q, 'slow', {}, { id: 'job-3' }));
    await vi.waitFor(async () => expect((await row('job-3'))?.attempts).toBe(1));

    let done = 0;
    const next = make();
    next.handle('slow', { run: async () => void (done += 1) });
    await next.start();
    expect(done).toBe(0);
    clock.advance(seconds(31));
    await vi.waitFor(() => expect(done).toBe(1), 5_000);
  });

  it('that cannot be noted as done or failed, as the database is away, are done again later', async () => {
    let isAway = false;
    const away: typeof its.store = {
      ...its.store,
      tx: (work) => (isAway ? Promise.reject(new Error('the database is away')) : its.store.tx(work)),
    };
    let runs = 0;
    const jobs = createJobs(away, clock, silentLog());
    running.push(jobs);
    jobs.handle('cut-off', {
      leaseMs: seconds(30),
      async run() {
        runs += 1;
        isAway = runs === 1;
      },
    });
    await jobs.start();
    await its.store.tx((q) => jobs.add(q, 'cut-off', {}, { id: 'job-4' }));
    await vi.waitFor(() => expect(runs).toBe(1));
    isAway = false;
    clock.advance(seconds(31));
    await vi.waitFor(() => expect(runs).toBe(2), 5_000);
  });

  it('that take long are kept by whoever runs them, and soon taken up when that process is dead', async () => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let runs = 0;
    const jobs = make();
    const handler = { leaseMs: milliseconds(60), renewsLease: true };
    jobs.handle('long', {
      ...handler,
      async run() {
        runs += 1;
        await ended;
      },
    });
    await jobs.start();
    await its.store.tx((q) => jobs.add(q, 'long', {}, { id: 'job-long' }));
    await vi.waitFor(() => expect(runs).toBe(1));
    for (const _ of [1, 2, 3]) {
      const before = (await row('job-long'))?.leasedUntil ?? 0;
      clock.advance(milliseconds(50));
      await vi.waitFor(async () => expect((await row('job-long'))?.leasedUntil).toBeGreaterThan(before));
    }
    end();
    await vi.waitFor(async () => expect(await row('job-long')).toBeUndefined());
    expect(runs).toBe(1);
  });

  it('that were held up write nothing more beside the run that took them, and leave its row alone', async () => {
    const stalled = Promise.withResolvers<void>();
    const later = Promise.withResolvers<void>();
    const ends: string[] = [];
    const wrote: number[] = [];
    let runs = 0;
    const handler: Parameters<Jobs['handle']>[1] = {
      leaseMs: seconds(30),
      everyMs: minutes(5),
      async run(_payload, { held }) {
        const own = (runs += 1);
        if (own === 1) await stalled.promise;
        if (own === 3) await later.promise;
        try {
          await its.store.tx(async (q) => {
            await held(q);
            await q.insertMany(q.t.audit, [
              { at: clock.now(), actor: `run-${own}`, action: 'a.b', subject: 'f', facts: {} },
            ]);
          });
          wrote.push(own);
        } catch (error) {
          ends.push(String(error));
          throw error;
        }
      },
    };
    const first = make();
    first.handle('fenced', handler);
    await first.start();
    await vi.waitFor(() => expect(runs).toBe(1));
    // Longer than its lease: another process takes it, ends it, and it begins anew with as many attempts as the first had.
    clock.advance(seconds(31));
    const second = make();
    second.handle('fenced', handler);
    await second.start();
    await vi.waitFor(() => expect(wrote).toEqual([2]), 5_000);
    await vi.waitFor(async () => expect((await row('every:fenced'))?.attempts).toBe(0));
    clock.advance(minutes(5));
    await vi.waitFor(() => expect(runs).toBe(3), 5_000);
    const taken = await row('every:fenced');
    expect(taken?.attempts).toBe(1);
    stalled.resolve();
    await vi.waitFor(() => expect(ends).toEqual(['LeaseLost: the lease went to another process']), 5_000);
    await first.stop();
    expect(await row('every:fenced')).toEqual(taken);
    later.resolve();
    await second.stop();
    expect(wrote).toEqual([2, 3]);
    const { audit } = its.store.read.t;
    const actors = await its.store.read.select({ actor: audit.actor }).from(audit).where(eq(audit.subject, 'f'));
    expect(actors.map(({ actor }) => actor)).toEqual(['run-2', 'run-3']);
  });

  it('that were put back by whoever took them are not taken for its own by a run that was held up', async () => {
    const stalled = Promise.withResolvers<void>();
    const outcomes: string[] = [];
    let runs = 0;
    const handler: Parameters<Jobs['handle']>[1] = {
      leaseMs: seconds(30),
      async run(_payload, { held, signal }) {
        runs += 1;
        if (runs === 1) {
          await stalled.promise;
          outcomes.push(await its.store.tx(held).then(String, String));
        } else {
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
      },
    };
    const first = make();
    first.handle('put-back', handler);
    await first.start();
    await its.store.tx((q) => first.add(q, 'put-back', {}, { id: 'job-put-back' }));
    await vi.waitFor(() => expect(runs).toBe(1));
    clock.advance(seconds(31));
    const second = make();
    second.handle('put-back', handler);
    await second.start();
    await vi.waitFor(() => expect(runs).toBe(2), 5_000);
    // Its process is stopped, and the first has as many attempts as the row again.
    await second.stop();
    expect(await row('job-put-back')).toMatchObject({ attempts: 1, leasedUntil: 0 });
    stalled.resolve();
    await vi.waitFor(() => expect(outcomes).toEqual(['LeaseLost: the lease went to another process']), 5_000);
    await first.stop();
    expect(await row('job-put-back')).toBeDefined();
  });

  it('that another process took after all are let go of', async () => {
    const letGo = Promise.withResolvers<unknown>();
    const jobs = make();
    jobs.handle('taken', {
      leaseMs: milliseconds(60),
      renewsLease: true,
      run: (_payload, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            letGo.resolve(signal.reason);
            reject(signal.reason);
          });
        }),
    });
    await jobs.start();
    await its.store.tx((q) => jobs.add(q, 'taken', {}, { id: 'job-taken' }));
    await vi.waitFor(async () => expect((await row('job-taken'))?.attempts).toBe(1));
    const until = instant(clock.now() + 90_000);
    const taken = { attempts: 2, leasedUntil: until };
    await its.store.tx(async (q) => void (await q.update(q.t.jobs).set(taken).where(eq(q.t.jobs.id, 'job-taken'))));
    await letGo.promise;
    expect(await row('job-taken')).toMatchObject({ state: 'waiting', leasedUntil: until, error: null });
  });

  it('that a stop cuts off are as if they had not been tried', async () => {
    const jobs = make();
    jobs.handle('cut', {
      run: (_payload, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    await jobs.start();
    await its.store.tx((q) => jobs.add(q, 'cut', {}, { id: 'job-cut' }));
    await vi.waitFor(async () => expect((await row('job-cut'))?.attempts).toBe(1));
    await jobs.stop();
    expect(await row('job-cut')).toMatchObject({ state: 'waiting', attempts: 0, leasedUntil: 0, error: null });
  });

  it('that were given up begin anew if somebody asks for that, and only then', async () => {
    let isFixed = false;
    let done = 0;
    const jobs = make();
    jobs.handle('broken', {
      attemptsMax: 1,
      async run() {
        if (!isFixed) throw new Error('broken');
        done += 1;
      },
    });
    await jobs.start();
    const add = (again: boolean) => its.store.tx((q) => jobs.add(q, 'broken', {}, { id: 'job-broken', again }));
    await add(true);
    await vi.waitFor(async () => expect((await row('job-broken'))?.state).toBe('failed'));
    isFixed = true;
    await add(false);
    expect((await row('job-broken'))?.state).toBe('failed');
    await add(true);
    await vi.waitFor(async () => expect(await row('job-broken')).toBeUndefined());
    expect(done).toBe(1);
  });

  it('come again and again if they are meant to', async () => {
    let runs = 0;
    const jobs = make();
    jobs.handle('often', { everyMs: minutes(5), run: async () => void (runs += 1) });
    await jobs.start();
    await vi.waitFor(async () => expect((await row('every:often'))?.runAt).toBe(clock.now() + minutes(5)));
    clock.advance(minutes(5));
    await vi.waitFor(() => expect(runs).toBe(2), 5_000);
  });

  it('come again as long after the last run began, however long it took', async () => {
    let runs = 0;
    const held = Promise.withResolvers<void>();
    const jobs = make();
    jobs.handle('slow', {
      everyMs: seconds(30),
      async run() {
        runs += 1;
        if (runs === 1) await held.promise;
      },
    });
    await jobs.start();
    await vi.waitFor(() => expect(runs).toBe(1));
    clock.advance(seconds(31));
    held.resolve();
    await vi.waitFor(() => expect(runs).toBe(2), 5_000);
  });

  it('carry calls to the outside with an id that the other side can know again', async () => {
    const sent: [unknown, string][] = [];
    const jobs = make();
    const outbox = createOutbox(jobs);
    outbox.handle('pay', async (payload, id) => void sent.push([payload, id]));
    await jobs.start();
    await its.store.tx((q) => outbox.send(q, 'pay', { fen: 100 }, 'pay_1'));
    await vi.waitFor(() => expect(sent).toEqual([[{ fen: 100 }, 'pay_1']]));
  });
});
