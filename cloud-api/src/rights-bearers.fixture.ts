import { createHash, randomBytes } from 'node:crypto';
import { after, days, newId } from '@gatecast/firmware-protocol';
import { eq } from 'drizzle-orm';
import type { AccountRole } from './platform/auth.ts';
import type { Asker } from './rights-matrix.ts';
import type { TestApp } from './test-app.ts';

/** How the people of a neighbourhood show who they are. */
export interface Bearers {
  /** A bearer; the same each time. */
  token(asker: Asker): Promise<string>;
  /** A bearer for one call, which may end the sessions of its account. */
  freshToken(asker: Asker): Promise<string>;
  freshSession(role: AccountRole): Promise<{ readonly id: string; readonly token: string }>;
  /** An API key with the rights of the role's account; the same for the same scopes. */
  key(role: AccountRole, scopes: readonly string[]): Promise<string>;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** `signedIn` are sessions of the accounts; `terminal` is the terminal's token. */
export function createBearers(
  world: TestApp,
  { signedIn, terminal }: { readonly signedIn: Readonly<Record<AccountRole, string>>; readonly terminal: string },
): Bearers {
  const accounts = new Map<AccountRole, string>();
  const accountOf = async (role: AccountRole): Promise<string> => {
    const known = accounts.get(role) ?? (await ownerOf(world, signedIn[role]));
    accounts.set(role, known);
    return known;
  };
  const freshSession = async (role: AccountRole) => {
    const token = `gcs_${randomBytes(32).toString('base64url')}`;
    const id = newId('session');
    const now = world.clock.now();
    const row = { id, tokenHash: hashOf(token), accountId: await accountOf(role) };
    const at = { createdAt: now, lastSeenAt: now, expiresAt: after(now, days(30)) };
    await world.store.tx(async (q) => void (await q.insert(q.t.sessions).values({ ...row, ...at })));
    return { id, token };
  };
  const freshToken = async (asker: Asker) => (asker === 'terminal' ? terminal : (await freshSession(asker)).token);

  const held = new Map<string, string>();
  const once = async (what: string, make: () => Promise<string>): Promise<string> => {
    const bearer = held.get(what) ?? (await make());
    held.set(what, bearer);
    return bearer;
  };
  return {
    freshSession,
    freshToken,
    token: (asker) => once(asker, () => freshToken(asker)),
    key: (role, scopes) =>
      once(`${role} ${scopes.join(' ')}`, async () => keyOfColleague(world, await accountOf(role), scopes)),
  };
}

async function ownerOf(world: TestApp, token: string): Promise<string> {
  const t = world.store.read.t.sessions;
  const [row] = await world.store.read
    .select()
    .from(t)
    .where(eq(t.tokenHash, hashOf(token)));
  if (!row) throw new Error('nobody is signed in by this token');
  return row.accountId;
}

/** A key of another account with the same rights, as one account may hold only so many. */
async function keyOfColleague(world: TestApp, accountId: string, scopes: readonly string[]): Promise<string> {
  const key = `gck_${randomBytes(32).toString('base64url')}`;
  const colleague = newId('account');
  const now = world.clock.now();
  const row = { id: newId('apiKey'), keyHash: hashOf(key), accountId: colleague, name: 'X', scopes };
  await world.store.tx(async (q) => {
    const [account] = await q.select().from(q.t.accounts).where(eq(q.t.accounts.id, accountId));
    if (!account) throw new Error(`there is no account ${accountId}`);
    await q.insert(q.t.accounts).values({ ...account, id: colleague, email: null });
    await q.insert(q.t.apiKeys).values({ ...row, createdAt: now, expiresAt: null, lastUsedAt: now });
  });
  return key;
}
