import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Resident } from '../communities/resident-contract.ts';
import type { Communities } from '../communities/service.ts';
import type { As } from '../platform/auth.ts';
import type { Reads } from '../platform/db/store.ts';
import { refusal } from '../platform/errors.ts';
import { liveOfResident } from './credential-store.ts';

/**
 * The record of a resident who may come in: rejects with `moved-out` for one who no longer lives here, also while nobody has noted yet that the lease is
 * over, and with `no-right-to-enter` for a landlord, who lives elsewhere, unless the property has given them something that opens.
 */
export async function requireEntry(
  q: Reads,
  communities: Communities,
  { residentId }: As<'resident'>,
  now: InstantMs,
): Promise<Resident> {
  const resident = await communities.resident(q, residentId);
  const leaseEnd = await communities.leaseEndOf(q, residentId);
  if (resident.state !== 'active' || (leaseEnd !== null && leaseEnd <= now))
    throw refusal('moved-out', 'you no longer live here');
  if (resident.relation === 'landlord' && (await liveOfResident(q, residentId, now)).length === 0)
    throw refusal('no-right-to-enter', 'the property management has not given you a key');
  return resident;
}
