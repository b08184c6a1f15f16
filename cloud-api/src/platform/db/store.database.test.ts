import { instant } from '@gatecast/firmware-protocol';
import { and, eq, gt, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
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
