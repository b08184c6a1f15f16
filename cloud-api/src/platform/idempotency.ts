import { createHash } from 'node:crypto';
import type { Clock } from '@gatecast/firmware-protocol';
import { and, eq } from 'drizzle-orm';
import { actorOf, type Principal } from './auth.ts';
import type { Tx } from './db/store.ts';
import { refusal } from './errors.ts';

/** One request of one caller, as far as repeating it goes. Without a key every request stands for itself. */
export interface Call {
  readonly actor: string;
  readonly key: string | undefined;
  readonly requestHash: string;
}

export function callOf(who: Principal, key: string | undefined, method: string, path: string, bodyText: string): Call {
  const actor = actorOf(who);
  if (key === undefined) return { actor, key, requestHash: '' };
  const requestHash = createHash('sha256').update(`${method} ${path}\n${bodyText}`).digest('base64url');
  return { actor, key, requestHash };
}

/**
 * Runs `work` once for an idempotency key, in the caller's transaction, and answers repeats with the stored result.
 * The result is stored as JSON, so it must hold no secret: return ids from `work` and read secrets again outside.
 * Rejects with `idempotency-key-reused` when the key came with another request.
 */
export async function once<R>(q: Tx, clock: Clock, call: Call, work: () => Promise<R>): Promise<R> {
  if (call.key === undefined) return work();
  const table = q.t.idempotency;
  const [known] = await q
    .select()
    .from(table)
    .where(and(eq(table.actor, call.actor), eq(table.key, call.key)));
  if (known) {
    // The key and the request's hash match, so the same code wrote it.
    if (known.requestHash === call.requestHash) return known.result.value as R;
    throw refusal('idempotency-key-reused', 'this idempotency key came with another request before');
  }
  const result = await work();
  await q.insert(table).values({
    actor: call.actor,
    key: call.key,
    requestHash: call.requestHash,
    result: { value: result ?? null },
    at: clock.now(),
  });
  return result;
}
