import type { InstantMs } from '@gatecast/firmware-protocol';
import type { Resident } from '../communities/resident-contract.ts';
import type { ResidentChange } from '../communities/resident-hooks.ts';
import type { Communities } from '../communities/service.ts';
import type { Tx } from '../platform/db/store.ts';
import type { Platform } from '../platform/platform.ts';
import * as rows from './credential-store.ts';
import type { AccessLists } from './lists.ts';
import { residentTerms } from './resident-terms.ts';

interface LeavingParts {
  readonly communities: Communities;
  readonly lists: AccessLists;
}

/** What opens doors follows what becomes of people, in the transaction in which it does. */
export function followResidents(platform: Platform, parts: LeavingParts): void {
  const { communities } = parts;
  communities.onLeft((q, left) => revokeFor(q, platform, parts, left));
  communities.onUnitChanged(async (q, { id, communityId }) => {
    const changed = await rows.unrevokedInUnit(q, id);
    if (changed.length > 0) await parts.lists.publish(q, communityId, changed);
  });
  communities.onResidentChanged(async (q, changes) => {
    const changed = [];
    for (const change of changes) changed.push(...(await adjust(q, platform, parts, change)));
    const [first] = changes;
    if (first && changed.length > 0) await parts.lists.publish(q, first.after.communityId, changed);
  });
}

/** All that they could open with, their visitors' passes among it. */
async function revokeFor(
  q: Tx,
  { clock }: Platform,
  { communities, lists }: LeavingParts,
  left: readonly Resident[],
): Promise<void> {
  const [first] = left;
  if (!first) return;
  const ids = left.map(({ id }) => id);
  const { movedOutAt } = await communities.resident(q, first.id);
  // The moment of the move, so that the proof of the revocation finds what went with it.
  const revoked = await rows.revokeAll(
    q,
    await rows.openableBy(q, ids),
    (movedOutAt as InstantMs | null) ?? clock.now(),
  );
  if (revoked.length > 0) await lists.publish(q, first.communityId, revoked);
}

/** The ids of the credentials that are otherwise now. */
async function adjust(
  q: Tx,
  { clock }: Platform,
  { communities }: LeavingParts,
  { before, after }: ResidentChange,
): Promise<string[]> {
  const isOnOtherFloor = before.floor !== after.floor;
  const { person, to, openMs } = await residentTerms(q, communities, after);
  const live = await rows.unrevokedOfResident(q, after.id);
  const changed: string[] = [];
  for (const row of live) {
    if (
      row.kind === 'unit-pin' &&
      row.unit !== after.unit &&
      (await rows.othersInUnit(q, row, after.unit, clock.now()))
    ) {
      await dropPin(q, row, clock.now());
      changed.push(row.id);
    } else if (row.unit !== after.unit || row.person !== person || row.to !== to || row.openMs !== openMs) {
      await rows.updateCredential(q, row.id, { unit: after.unit, person, to, openMs });
      changed.push(row.id);
    } else if (isOnOtherFloor) changed.push(row.id);
  }
  return changed;
}

/** A PIN that moves to a unit where others have one is void: nobody can tell whether it could be mistaken for theirs, as it is kept as a tag alone. */
async function dropPin(q: Tx, row: rows.CredentialRow, now: InstantMs): Promise<void> {
  await rows.revokeAll(q, [row.id], now);
  if (row.residentId !== null)
    await rows.notePins(q, row.residentId, row.duress ? { hasDuressPin: false } : { hasPin: false });
}
