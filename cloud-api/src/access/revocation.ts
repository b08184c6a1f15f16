import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Communities } from '../communities/service.ts';
import type { Reads } from '../platform/db/store.ts';
import { notFound } from '../platform/errors.ts';
import type { TerminalRef, Terminals } from '../terminals/service.ts';
import type { Revocation } from './credential-contract.ts';
import { revokedAtOnce } from './credential-store.ts';
import { denyKeptMs } from './list-rules.ts';
import type { AccessLists, Delivery } from './lists.ts';

interface RevocationParts {
  readonly communities: Communities;
  readonly terminals: Pick<Terminals, 'ofCommunity' | 'doorsOf'>;
  readonly lists: Pick<AccessLists, 'deliveryOf'>;
}

/**
 * Which terminals have in force that somebody who moved out may no longer enter: those whose list is the one that tells of all that was revoked, or a later
 * one. Rejects with `not-found` for somebody who lives here.
 */
export async function revocationOf(
  q: Reads,
  { communities, terminals, lists }: RevocationParts,
  residentId: string,
  now: InstantMs,
): Promise<Revocation> {
  const { movedOutAt, communityId } = await communities.resident(q, residentId);
  if (movedOutAt === null) throw notFound('revocation');
  const at = movedOutAt as InstantMs;
  const ids = await revokedAtOnce(q, residentId, at);
  const told = [...(await lists.deliveryOf(q, ids)).values()].flat();
  // By then there is no list that still grants them, and what was told to whom is forgotten.
  const isPast = now - at >= denyKeptMs;
  const online = new Map((await terminals.doorsOf(q, communityId)).map((door) => [door.terminalId, door.online]));
  const concerned = (await terminals.ofCommunity(q, communityId)).flatMap((ref) => {
    const here = told.filter(({ terminalId }) => terminalId === ref.id);
    return here.length === 0 ? [] : [standing(ref, here, { isPast, online: online.get(ref.id) ?? false })];
  });
  return { at, credentials: ids.length, terminals: concerned };
}

function standing(
  { id: terminalId, name, entranceName }: TerminalRef,
  here: readonly Delivery[],
  { isPast, online }: { readonly isPast: boolean; readonly online: boolean },
): Revocation['terminals'][number] {
  const isConfirmed = here.every(({ applied, version }) => applied || (isPast && version === null));
  const times = here.flatMap(({ confirmedAt }) => (confirmedAt === null ? [] : [confirmedAt]));
  return {
    terminalId,
    name,
    entranceName,
    state: isConfirmed ? 'confirmed' : 'waiting',
    online,
    confirmedAt: isConfirmed && times.length > 0 ? Math.max(...times) : null,
  };
}
