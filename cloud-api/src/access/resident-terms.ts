import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Resident } from '../communities/resident-contract.ts';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';

/** Opening times are told to doors in tenths of a second. */
const openStepMs = 100;

/** What every credential of a resident has from the resident: who it is, until when, and for how long the door stays open. */
export async function residentTerms(
  q: Reads,
  communities: Communities,
  { id: residentId, isChild, openMs }: Pick<Resident, 'id' | 'isChild' | 'openMs'>,
): Promise<{
  readonly residentId: string;
  readonly person: 'resident' | 'child';
  readonly to: InstantMs | null;
  readonly openMs: number | null;
}> {
  return {
    residentId,
    person: isChild ? 'child' : 'resident',
    to: await communities.leaseEndOf(q, residentId),
    openMs: openMs === null ? null : Math.round(openMs / openStepMs) * openStepMs,
  };
}
