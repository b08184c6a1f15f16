import { days, hours, type DurationMs, type InstantMs } from '@gatecast/firmware-protocol';
import { revocationContext, type revocations } from '@gatecast/firmware-protocol/messages';
import { asc, eq, gt, lt } from 'drizzle-orm';
import type { z } from 'zod';
import type { Reads, Tx } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';

/** Tokens live for an hour; what was voided longer ago than this has run out on every clock that is nearly right. */
const listedMs = hours(2);
const keptMs = days(1);

/** `sub` of a terminal's tokens. */
export const terminalSubject = (terminalId: string): string => `terminal:${terminalId}`;

/** `sub` of the tokens of a machine that was the terminal before: good for handing in its journal. The broker knows no such subject. */
export const formerSubject = (terminalId: string): string => `former-terminal:${terminalId}`;

/** Voids every token of the terminal issued up to now; forgets what was voided so long ago that nobody has such a token. */
export async function revokeTokens(q: Tx, terminalId: string, now: InstantMs): Promise<void> {
  const beforeSecond = Math.floor(now / 1_000);
  await q.delete(q.t.revocations).where(lt(q.t.revocations.beforeSecond, secondBefore(now, keptMs)));
  await q
    .insert(q.t.revocations)
    .values({ subject: terminalSubject(terminalId), beforeSecond })
    .onConflictDoUpdate({ target: q.t.revocations.subject, set: { beforeSecond } });
}

/** Tokens of the terminal issued in this second or before are void; -1 if none are. */
export async function voidUpToSecond(q: Reads, terminalId: string): Promise<number> {
  const t = q.t.revocations;
  const [row] = await q
    .select({ beforeSecond: t.beforeSecond })
    .from(t)
    .where(eq(t.subject, terminalSubject(terminalId)));
  return row?.beforeSecond ?? -1;
}

/** All that can matter to anybody, signed by the token issuer; a broker asks every two seconds and takes a megabyte. */
export async function signedRevocations({ store, clock, signer }: Platform): Promise<z.input<typeof revocations>> {
  const t = store.read.t.revocations;
  const now = clock.now();
  const revoked = await store.read
    .select()
    .from(t)
    .where(gt(t.beforeSecond, secondBefore(now, listedMs)))
    .orderBy(asc(t.subject));
  const payload = JSON.stringify({ at: now, revoked });
  const signature = await signer.sign(store.read, 'token-issuer', platformOwner, revocationContext, payload);
  return { payload, signature };
}

const secondBefore = (now: InstantMs, lifeMs: DurationMs): number => Math.floor((now - lifeMs) / 1_000);
