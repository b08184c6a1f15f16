import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import { and, eq, gt, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { prepared, type Marks } from './prepared.ts';
import type { Reads, Tx } from './queries.ts';
import { describeStores } from './test-stores.ts';

const at = instant(1_770_000_000_000);

describeStores('a store', (its) => {
  it('keeps what a transaction wrote, with every kind of column', async () => {
    const { store } = its;
    const facts = { nested: { text: '门\u0000播' }, list: [1, null] };
    await store.tx((q) => q.insert(q.t.audit).values({ at, actor: 'acct_1', action: 'a.b', subject: 's1', facts }));
    const rows = await store.read.select().from(store.read.t.audit).where(eq(store.read.t.audit.subject, 's1'));
    const parties = { companyId: null, merchantId: null };
    const row = { id: expect.any(Number), at, actor: 'acct_1', action: 'a.b', subject: 's1', facts, ...parties };
    expect(rows).toEqual([row]);
  });

  it('forgets everything of a transaction that failed, and runs none of its effects', async () => {
    const { store } = its;
    let effects = 0;
    const failing = store.tx(async (q) => {
      q.afterCommit(() => void (effects += 1));
      await q.insert(q.t.audit).values({ at, actor: 'a', action: 'a', subject: 's2', facts: {} });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    const { audit } = store.read.t;
    expect(await store.read.select().from(audit).where(eq(audit.subject, 's2'))).toEqual([]);
    expect(effects).toBe(0);
  });

  it('never hands out more than there is, however many ask at once', async () => {
    const { store } = its;
    await store.tx((q) => q.insert(q.t.jobs).values(job('stock', 5)));
    const asks = Array.from({ length: 20 }, () =>
      store.tx(async (q) => {
        const taken = await q
          .update(q.t.jobs)
          .set({ attempts: sql`${q.t.jobs.attempts} - 1` })
          .where(and(eq(q.t.jobs.id, 'stock'), gt(q.t.jobs.attempts, 0)))
          .returning({ left: q.t.jobs.attempts });
        return taken.length;
      }),
    );
    const given = (await Promise.all(asks)).reduce((a, b) => a + b, 0);
    expect(given).toBe(5);
  });

  it('lets transactions that read before they write see each other', async () => {
    const { store } = its;
    await store.tx((q) => q.insert(q.t.jobs).values(job('counter', 0)));
    await Promise.all(
      Array.from({ length: 10 }, () =>
        store.tx(async (q) => {
          const [row] = await q.select().from(q.t.jobs).where(eq(q.t.jobs.id, 'counter'));
          await q
            .update(q.t.jobs)
            .set({ attempts: (row?.attempts ?? 0) + 1 })
            .where(eq(q.t.jobs.id, 'counter'));
        }),
      ),
    );
    const [row] = await store.read.select().from(store.read.t.jobs).where(eq(store.read.t.jobs.id, 'counter'));
    expect(row?.attempts).toBe(10);
  });

  it('never hands out more than there is to transactions that share their commits', async () => {
    const { store } = its;
    await store.tx((q) => q.insert(q.t.jobs).values(job('shared-stock', 50)));
    const take = prepared('test.take', (q: Tx, v: Marks<{ id: string }>) =>
      q
        .update(q.t.jobs)
        .set({ attempts: sql`${q.t.jobs.attempts} - 1` })
        .where(and(eq(q.t.jobs.id, v.id), gt(q.t.jobs.attempts, 0)))
        .returning({ left: q.t.jobs.attempts }),
    );
    const asks = Array.from({ length: 120 }, (_, n) =>
      store.txOfMany(async (q) => {
        const taken = await take(q, { id: 'shared-stock' });
        if (n % 10 === 0) throw new Error('takes it back');
        return taken.length;
      }),
    );
    const ends = await Promise.allSettled(asks);
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(12);
    expect(ends.filter((end) => end.status === 'fulfilled' && end.value === 1)).toHaveLength(50);
    const [row] = await store.read.select().from(store.read.t.jobs).where(eq(store.read.t.jobs.id, 'shared-stock'));
    expect(row?.attempts).toBe(0);
  });

  it('tells work that shares its commit not to read past it', async () => {
    const { store } = its;
    const past = store.txOfMany(async () => store.read.select().from(store.read.t.jobs));
    await expect(past).rejects.toThrow('reads past');
  });

  it('builds a prepared statement once, and runs it with new values of every kind', async () => {
    const { store } = its;
    const put = prepared('test.put', (q: Tx, v: Marks<{ id: string; payload: unknown; runAt: InstantMs }>) =>
      q.insert(q.t.jobs).values({ ...job('', 3), id: v.id, payload: v.payload, runAt: v.runAt }),
    );
    const one = prepared('test.one', (q: Reads, v: Marks<{ id: string; most: number }>) =>
      q.select().from(q.t.jobs).where(eq(q.t.jobs.id, v.id)).limit(v.most),
    );
    for (const n of [1, 2])
      await store.tx(async (q) => {
        await put(q, { id: `put-${n}`, payload: { n, text: '门播' }, runAt: at });
        expect(await one(q, { id: `put-${n}`, most: 5 })).toEqual([
          { ...job(`put-${n}`, 3), payload: { n, text: '门播' }, error: null },
        ]);
        expect(await one(q, { id: 'put-1', most: 0 })).toEqual([]);
      });
    expect(await one(store.read, { id: 'put-2', most: 1 })).toHaveLength(1);
    expect(store.read.prepared.size).toBe(1);
  });

  it('takes many rows at once and passes over those it has', async () => {
    const { store } = its;
    const rows = Array.from({ length: 1_000 }, (_, n) => ({
      ...job(`bulk-${n}`, n),
      payload: { n, text: '"quoted", {braces}' },
    }));
    await store.tx((q) => q.insertMany(q.t.jobs, rows));
    await store.tx((q) => q.insertMany(q.t.jobs, rows.slice(0, 10), { onConflict: 'nothing' }));
    await expect(store.tx((q) => q.insertMany(q.t.jobs, rows.slice(0, 1)))).rejects.toThrow();
    const [last] = await store.read.select().from(store.read.t.jobs).where(eq(store.read.t.jobs.id, 'bulk-999'));
    expect(last).toEqual({ ...job('bulk-999', 999), payload: { n: 999, text: '"quoted", {braces}' }, error: null });
  });

  it('takes many rows at once that say something else of what is there', async () => {
    const { store } = its;
    const rows = Array.from({ length: 20 }, (_, n) => job(`over-${n}`, n));
    await store.tx((q) => q.insertMany(q.t.jobs, rows.slice(0, 10)));
    const later = rows.map((row) => ({ ...row, attempts: 7_777, kind: 'other' }));
    const onConflict = { key: ['id'], set: ['attempts'] } as const;
    await store.tx((q) => q.insertMany(q.t.jobs, later, { onConflict }));
    const t = store.read.t.jobs;
    const found = await store.read.select().from(t).where(eq(t.attempts, 7_777));
    expect(found.filter(({ kind }) => kind === 'other')).toHaveLength(10);
    expect(found).toHaveLength(20);
  });

  it('reads through a connection that cannot write', async () => {
    const { store } = its;
    if (its.dialect === 'sqlite') expect('insert' in store.read).toBe(false);
  });

  it('wakes its listeners after a commit', async () => {
    const { store } = its;
    const woken = new Promise<void>((resolve) => store.onWake(resolve));
    await store.tx((q) => store.wake(q));
    await woken;
  });
});

const job = (id: string, attempts: number) => ({
  id,
  kind: 'test',
  payload: {},
  state: 'waiting' as const,
  runAt: at,
  leasedUntil: instant(0),
  attempts,
});
