import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { newId } from '@gatecast/firmware-protocol';

type Row = Record<string, unknown>;

/**
 * So many residents more, each with an account and a session, put beside the cloud into its file: signing them in one by one
 * would take longer than what is measured. Each row is a copy of one that the cloud made itself. Returns their bearers.
 */
export function moreBuyers(dataDir: string, count: number): string[] {
  const file = new Database(join(dataDir, 'cloud', 'cloud.sqlite'), { timeout: 20_000 });
  const [resident] = file.prepare<[], Row>('select * from residents limit 1').all();
  const [account] = file.prepare<[], Row>("select * from accounts where role = 'resident' limit 1").all();
  if (!resident || !account) throw new Error('the town has no resident to copy');
  const put = (table: string, row: Row) => {
    const names = Object.keys(row);
    const marks = names.map(() => '?').join(', ');
    file
      .prepare(`insert into ${table} (${names.map((name) => `"${name}"`).join(', ')}) values (${marks})`)
      .run(Object.values(row));
  };
  const now = Date.now();
  const tokens = file.transaction(() =>
    Array.from({ length: count }, (_, n) => {
      const token = `gcs_${randomBytes(32).toString('base64url')}`;
      const residentId = newId('resident');
      const accountId = newId('account');
      put('residents', { ...resident, id: residentId });
      put('accounts', { ...account, id: accountId, resident_id: residentId, phone_tag: `bench-${n}` });
      put('sessions', {
        id: newId('session'),
        token_hash: createHash('sha256').update(token).digest('base64url'),
        account_id: accountId,
        created_at: now,
        expires_at: now + 86_400_000,
        last_seen_at: now,
      });
      return token;
    }),
  )();
  file.close();
  return tokens;
}
