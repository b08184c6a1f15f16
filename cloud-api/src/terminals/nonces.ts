import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { after, instant, type InstantMs } from '@gatecast/firmware-protocol';
import { lte } from 'drizzle-orm';
import type { Tx } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { platformOwner } from '../platform/keys/signer.ts';
import type { Platform } from '../platform/platform.ts';
import { challengeLifeMs } from './rules.ts';

const expiryBytes = 6;
const randomLength = 16;
const macBytes = 16;

export interface Nonces {
  issue(terminalId: string): Promise<{ readonly nonce: string; readonly expiresAt: InstantMs }>;
  /** When the nonce ends, or undefined if we never gave it to this terminal or it is over. */
  expiry(terminalId: string, nonce: string): Promise<InstantMs | undefined>;
  /** Rejects with `challenge-expired` the second time. */
  useUp(q: Tx, nonce: string, expiresAt: InstantMs): Promise<void>;
}

/**
 * Sign-in nonces: expiry (6 bytes) | random (16) | HMAC over the terminal and both (16), base64url.
 * Nothing is stored until one is answered rightly, so that asking for many costs us nothing.
 */
export function createNonces({ clock, signer, store }: Platform): Nonces {
  const macOf = async (terminalId: string, head: Buffer) => {
    const key = await signer.derive(store.read, 'challenge', platformOwner, 'sign-in');
    return createHmac('sha256', key).update(terminalId).update(head).digest().subarray(0, macBytes);
  };

  return {
    async issue(terminalId) {
      const expiresAt = after(clock.now(), challengeLifeMs);
      const head = Buffer.concat([Buffer.alloc(expiryBytes), randomBytes(randomLength)]);
      head.writeUIntBE(expiresAt, 0, expiryBytes);
      const mac = await macOf(terminalId, head);
      return { nonce: Buffer.concat([head, mac]).toString('base64url'), expiresAt };
    },
    async expiry(terminalId, nonce) {
      const bytes = Buffer.from(nonce, 'base64url');
      if (bytes.length !== expiryBytes + randomLength + macBytes) return undefined;
      const head = bytes.subarray(0, -macBytes);
      if (!timingSafeEqual(bytes.subarray(-macBytes), await macOf(terminalId, head))) return undefined;
      const expiresAt = instant(head.readUIntBE(0, expiryBytes));
      return clock.now() < expiresAt ? expiresAt : undefined;
    },
    async useUp(q, nonce, expiresAt) {
      await q.delete(q.t.usedNonces).where(lte(q.t.usedNonces.expiresAt, clock.now()));
      const fresh = await q.insert(q.t.usedNonces).values({ nonce, expiresAt }).onConflictDoNothing().returning();
      if (fresh.length === 0) throw refusal('challenge-expired', 'this challenge was answered before');
    },
  };
}
