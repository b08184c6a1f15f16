import { after, instant, newId } from '@gatecast/firmware-protocol';
import { and, asc, count, eq, gt } from 'drizzle-orm';
import type { z } from 'zod';
import { scopeOf, type Account } from '../platform/auth.ts';
import type { Page } from '../platform/contract.ts';
import { decodeCursor, pageOf, pageSizeDefault } from '../platform/cursor.ts';
import type { Reads, Tx } from '../platform/db/store.ts';
import { notFound, refusal } from '../platform/errors.ts';
import { once, type Call } from '../platform/idempotency.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Paging } from '../platform/newest-first.ts';
import type { Platform } from '../platform/platform.ts';
import type { ApiKey, ApiKeyCreated, newApiKey } from './contract.ts';
import { sha256 } from './digest.ts';
import { principalOf } from './principal.ts';
import { seenEveryMs } from './rules.ts';
import * as rows from './store.ts';

const keyPrefix = 'gck_';
const keysPerAccountMax = 20;

export interface ApiKeys {
  list(who: Account, paging: Paging): Promise<Page<ApiKey>>;
  /** The key is shown once. Rejects with `scope-unknown` {scopes} or `too-many-keys`. */
  create(who: Account, input: z.output<typeof newApiKey>, call: Call): Promise<ApiKeyCreated>;
  /** It is void at once. Rejects with `not-found`. */
  revoke(who: Account, id: string): Promise<void>;
}

type Input = z.output<typeof newApiKey>;
type ApiKeyRow = Tx['t']['apiKeys']['$inferSelect'];
const shown = ({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: ApiKeyRow): ApiKey => ({
  id,
  name,
  scopes,
  createdAt,
  expiresAt,
  lastUsedAt,
});

/** Keys for programs. Each acts as the account that made it, as far as its scopes go, and dies with it; only its hash is stored. */
export function createApiKeys(platform: Platform): ApiKeys {
  const { store, clock, signer, audit, api } = platform;
  recogniseKeys(platform);

  /** Slices add their routes after this one is made, so the list is drawn up when it is asked for. */
  const unknownScopes = (scopes: readonly string[]): readonly string[] => {
    const known = new Set(api.routes.filter(({ keyed }) => keyed).map(scopeOf));
    return scopes.filter((scope) => !known.has(scope));
  };

  /** Made from the id, so that an answer that got lost can be given again; without our key nobody can. */
  const keyOf = async (q: Reads, id: string): Promise<string> =>
    `${keyPrefix}${(await signer.derive(q, 'account-secret', platformOwner, `api-key|${id}`)).toString('base64url')}`;

  const insert = async (q: Tx, who: Account, { name, scopes, expiresAt }: Input): Promise<ApiKey> => {
    const t = q.t.apiKeys;
    const { accountId } = who;
    const [held] = await q.select({ keys: count() }).from(t).where(eq(t.accountId, accountId));
    if ((held?.keys ?? 0) >= keysPerAccountMax) throw refusal('too-many-keys', 'revoke a key first');
    const id = newId('apiKey');
    const made = {
      id,
      name,
      scopes: [...new Set(scopes)].toSorted(),
      createdAt: clock.now(),
      expiresAt: expiresAt === null ? null : instant(expiresAt),
      lastUsedAt: null,
    };
    await q.insert(t).values({ ...made, accountId, keyHash: sha256(await keyOf(q, id)) });
    await audit(q, { who, action: 'api-key.create', subject: id, facts: { scopes: made.scopes, expiresAt } });
    return made;
  };

  return {
    async list(who, { cursor, limit = pageSizeDefault }) {
      const t = store.read.t.apiKeys;
      const start = cursor === undefined ? '' : decodeCursor<[string]>(cursor, ['string'])[0];
      const found = await store.read
        .select()
        .from(t)
        .where(and(eq(t.accountId, who.accountId), gt(t.id, start)))
        .orderBy(asc(t.id))
        .limit(limit + 1);
      return pageOf(found, limit, ({ id }) => [id], shown);
    },
    async create(who, input, call) {
      const unknown = unknownScopes(input.scopes);
      if (unknown.length > 0) throw refusal('scope-unknown', 'there is no such scope', { scopes: unknown });
      const made = await store.tx((q) => once(q, clock, call, () => insert(q, who, input)));
      return { ...made, key: await keyOf(store.read, made.id) };
    },
    revoke: (who, id) =>
      store.tx(async (q) => {
        const t = q.t.apiKeys;
        const own = and(eq(t.id, id), eq(t.accountId, who.accountId));
        const revoked = await q.delete(t).where(own).returning({ id: t.id });
        if (revoked.length === 0) throw notFound('API key');
        await audit(q, { who, action: 'api-key.revoke', subject: id });
      }),
  };
}

function recogniseKeys(platform: Platform): void {
  const { store, clock } = platform;
  platform.authenticateWith(async (bearer) => {
    if (!bearer.startsWith(keyPrefix)) return undefined;
    const now = clock.now();
    const found = await rows.findApiKey(store.read, sha256(bearer), now);
    if (!found) return undefined;
    const { key, account } = found;
    if (key.lastUsedAt === null || now >= after(key.lastUsedAt, seenEveryMs)) {
      const t = store.read.t.apiKeys;
      await store.tx(async (q) => void (await q.update(t).set({ lastUsedAt: now }).where(eq(t.id, key.id))));
    }
    return principalOf(account, { sessionId: key.id, scopes: key.scopes });
  });
}
