import type { Client } from '@gatecast/cloud-api/client';
import { forgetDoors } from '../door/known-doors.ts';
import { canHoldKeys } from '../qr/phone-key.ts';
import { forgetPhoneKey, readPhoneKey } from '../qr/phone-key-store.ts';
import { forgetPasses } from '../visitors/made-passes.ts';

/** Nobody waits longer for a network to sign out. */
const revokingMaxMs = 4_000;

/** Takes from this phone what opens doors, before somebody else gets it in hand. */
export async function leavePhone(client: Client): Promise<void> {
  forgetDoors();
  forgetPasses();
  if (!canHoldKeys()) return;
  // A browser that keeps no keys has none to forget.
  const key = await readPhoneKey().catch(() => undefined);
  if (!key) return;
  await forgetPhoneKey();
  // Without its private half the key signs nothing, whether the cloud hears of it now or not.
  const signal = AbortSignal.timeout(revokingMaxMs);
  await client('DELETE /v1/me/credentials/:id', { params: { id: key.credential }, signal }).catch(() => undefined);
}
