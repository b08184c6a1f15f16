import { createHmac } from 'node:crypto';
import type { Clock } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import { actorOf, type Principal } from './auth.ts';
import { prepared, type Marks } from './db/prepared.ts';
import type { Reads, Store, Tx } from './db/store.ts';
import { refusal } from './errors.ts';
import { platformOwner, type Signer } from './keys/signer.ts';

/** One request of one caller, as far as repeating it goes. Without a key every request stands for itself. */
export interface Call {
  readonly actor: string;
  readonly key: string | undefined;
  readonly requestHash: string;
}

/** A print of a request that says nothing about it without our key: the digits of a PIN are quickly tried against a bare hash. */
export type HashRequest = (text: string) => Promise<string>;

export function requestHasher(store: Store, signer: Signer): HashRequest {
  let key: Buffer | undefined;
  return async (text) => {
    key ??= await signer.derive(store.read, 'idempotency', platformOwner, 'request');
    return createHmac('sha256', key).update(text).digest('base64url');
  };
}

/** `target` is the path with its query. */
export async function callOf(
  who: Principal,
  key: string | undefined,
  request: { readonly method: string; readonly target: string; readonly bodyText: string },
  hash: HashRequest,
): Promise<Call> {
  const actor = actorOf(who);
  if (key === undefined) return { actor, key, requestHash: '' };
  return { actor, key, requestHash: await hash(`${request.method} ${request.target}\n${request.bodyText}`) };
}

const before = prepared('idempotency.before', (q: Reads, v: Marks<{ actor: string; key: string }>) =>
  q
    .select()
    .from(q.t.idempotency)
    .where(and(eq(q.t.idempotency.actor, v.actor), eq(q.t.idempotency.key, v.key))),
);

/**
 * Runs `work` once for an idempotency key, in the caller's transaction, and answers repeats with the stored result.
 * The result is stored as JSON, so it must hold no secret: return ids from `work` and read secrets again outside.
 * Rejects with `idempotency-key-reused` when the key came with another request.
 */
export async function once<R>(q: Tx, clock: Clock, call: Call, work: () => Promise<R>): Promise<R> {
  if (call.key === undefined) return work();
  const [known] = await before(q, { actor: call.actor, key: call.key });
  if (known) {
    // The key and the request's hash match, so the same code wrote it.
    if (known.requestHash === call.requestHash) return known.result.value as R;
    throw refusal('idempotency-key-reused', 'this idempotency key came with another request before');
  }
  const result = await work();
  const { actor, key, requestHash } = call;
  await q.insertMany(q.t.idempotency, [
    { actor, key, requestHash, result: { value: result ?? null }, at: clock.now() },
  ]);
  return result;
}
