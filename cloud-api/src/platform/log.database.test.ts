import { instant } from '@gatecast/firmware-protocol';
import { expect, it } from 'vitest';
import { describeStores } from './db/test-stores.ts';
import { createLog } from './log.ts';

describeStores('the log', (its) => {
  it('tells which statement failed, and nothing of the people in it', async () => {
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const row = { role: 'operator' as const, name: '王小明', email: 'wang@secret.test', passwordHash: '$argon2id$x' };
    const insertTwice = its.store.tx(async (q) => {
      for (const id of ['acc_1', 'acc_2']) await q.insert(q.t.accounts).values({ ...row, id, createdAt: instant(1) });
    });
    await insertTwice.catch((err: unknown) => log.error({ err }, 'a request hit a bug'));
    const said = lines.join();
    expect(said).toMatch(/accounts/);
    for (const secret of [row.name, row.email, row.passwordHash]) expect(said).not.toContain(secret);
  });
});
