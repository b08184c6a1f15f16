import type { InstantMs } from '@gatecast/firmware-protocol';
import { revocationContext, type revocations } from '@gatecast/firmware-protocol/messages';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Reads, Tx } from '../platform/db/store.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';

/** `sub` of a terminal's tokens. */
export const terminalSubject = (terminalId: string): string => `terminal:${terminalId}`;

/** `sub` of the tokens of a machine that was the terminal before: good for handing in its journal. The broker knows no such subject. */
export const formerSubject = (terminalId: string): string => `former-terminal:${terminalId}`;

/** Voids every token of the terminal issued up to now. */
export async function revokeTokens(q: Tx, terminalId: string, now: InstantMs): Promise<void> {
  const beforeSecond = Math.floor(now / 1_000);
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

/** The whole list, signed by the token issuer. */
export async function signedRevocations({ store, clock, signer }: Platform): Promise<z.input<typeof revocations>> {
  const revoked = await store.read.select().from(store.read.t.revocations);
  const payload = JSON.stringify({ at: clock.now(), revoked });
  const signature = await signer.sign(store.read, 'token-issuer', platformOwner, revocationContext, payload);
  return { payload, signature };
}
